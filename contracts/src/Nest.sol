// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Nest
/// @notice Makes one contract at an address that is known before its code is: where two contracts name each other, the
/// first can be made for the second.
/// @dev Its own code is the same for every contract that is made, so CREATE2 gives it an address that does not depend on
/// that contract; what it makes stands at CREATE(nest, 1). Only who deploys may choose what that is, so nobody can come
/// before; and who trusts the result compares the code that was laid.
contract Nest {
    /// @notice Who alone may lay.
    address public immutable OWNER;

    /// @notice The nest has its contract already, or the constructor of the new one failed.
    error NotLaid();
    /// @notice Only the owner may do this.
    error NotOwner(address caller);

    /// @notice Makes an empty nest.
    /// @param owner Who alone may lay.
    constructor(address owner) {
        OWNER = owner;
    }

    /// @notice Makes the contract. Once.
    /// @param code Its creation code, with its constructor's arguments.
    /// @return made Where it stands: CREATE(this, 1).
    function lay(bytes calldata code) external returns (address made) {
        if (msg.sender != OWNER) revert NotOwner(msg.sender);
        bytes memory creation = code;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            made := create(0, add(creation, 32), mload(creation))
        }
        if (made == address(0) || made != _first()) revert NotLaid();
    }

    /// @dev The address of a contract's first creation: keccak256(rlp([this, 1])).
    function _first() private view returns (address) {
        return address(uint160(uint256(keccak256(abi.encodePacked(hex"d694", address(this), hex"01")))));
    }
}
