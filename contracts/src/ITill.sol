// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice A node of the patients' tree beside the way from a leaf to the root.
/// @param hash Of the node.
/// @param sum Of the weights under it.
struct Step {
    bytes32 hash;
    uint256 sum;
}

/// @title ITill
/// @notice Takes what an issue earns, in any currency, and pays its creator and its patients their parts.
interface ITill {
    /// @notice A patient took what had come for its weight.
    event Claimed(address indexed currency, address indexed account, address indexed to, uint256 amount);
    /// @notice The creator took its part.
    event Paid(address indexed currency, address indexed to, uint256 amount);

    /// @notice Only the creator may do this.
    error NotCreator(address caller);
    /// @notice The weight is not one of the tree.
    error NotListed(address account);
    /// @notice There is nothing to take now.
    error Nothing();
    /// @notice More came than can be counted.
    error TooMuch();

    /// @notice Pays a patient what has come for its weight, less what it had. Anyone may call it.
    /// @dev A leaf's hash is keccak256(abi.encode(account, weight, salt)) and its sum the weight. A node's hash is
    /// keccak256(abi.encode(hash, sum, hash, sum)) of its two children, the one with the smaller hash first, and its sum the
    /// sum of theirs. So leaves that differ never have more than the total, whoever made the tree.
    /// @param weight At least 1. All together are the total.
    /// @param proof The leaf's siblings, from the leaf up.
    function claim(address currency, address account, uint256 weight, bytes32 salt, Step[] calldata proof) external;

    /// @notice {claim} of the caller, paid elsewhere: for a patient that cannot receive.
    function claimTo(address currency, uint256 weight, bytes32 salt, Step[] calldata proof, address to) external;

    /// @notice Pays the creator its part. Anyone may call it.
    function pay(address currency) external;

    /// @notice Pays the calling creator its part, elsewhere.
    function payTo(address currency, address to) external;

    /// @notice All that ever came of a currency. What the Creators contract owes this address has not come yet.
    function cameIn(address currency) external view returns (uint256);

    /// @notice What a leaf took of a currency; of leaf zero, what the creator took.
    function taken(address currency, bytes32 leaf) external view returns (uint256);

    /// @notice What the till is for good.
    function shares()
        external
        view
        returns (address creator, uint256 patientsBps, uint256 patientsTotal, bytes32 patientsRoot);
}
