// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What a licence was granted with.
/// @param assetId The asset that may be used.
/// @param purposeHash What for: hash of the purpose that was agreed to.
/// @param termsHash Hash of the licence text.
/// @param until Last moment of the licence, unix seconds; zero is for ever.
/// @param transferable Whether the buyer may pass it on.
struct Grant {
    uint256 assetId;
    bytes32 purposeHash;
    bytes32 termsHash;
    uint40 until;
    bool transferable;
}

/// @title ILicences
/// @notice Licences that were paid for: ERC-721 tokens whose ID is that of the trade they come from.
interface ILicences {
    /// @notice A licence was minted. With {IERC721-Transfer} this is all that the chain says of it.
    event Granted(uint256 indexed licenceId, uint256 indexed assetId, Grant grant);

    /// @notice The licence cannot pass to another.
    error NotTransferable(uint256 licenceId);
    /// @notice The caller is neither owner nor approved.
    error NotApproved(uint256 licenceId, address caller);
    /// @notice Only the Exchange may do this.
    error NotExchange(address caller);
    /// @notice `from` does not own the licence.
    error NotOwner(uint256 licenceId, address from);
    /// @notice The licence was revoked or its term is over: it is sold no more.
    error LicenceOver(uint256 licenceId);
    /// @notice The licence does not exist.
    error NoSuchLicence(uint256 licenceId);
    /// @notice The zero address owns and receives nothing.
    error ZeroAddress();

    /// @notice Mints a licence, by the Exchange, when it is paid for.
    /// @dev The Exchange has written before that the trade is released, to whom and with what: that is the licence. The buyer gets no ERC-721 receiver call: it bought, and could refuse the seller its money by refusing this.
    function grant(uint256 licenceId, address buyer, Grant calldata what) external;

    /// @notice Whether `who` may use the asset now: it owns the licence, the term is not over and the seller has not revoked.
    function allows(uint256 licenceId, address who) external view returns (bool);

    /// @notice Last moment of a licence, unix seconds; zero is for ever.
    function untilOf(uint256 licenceId) external view returns (uint256 until);

    /// @notice The asset of a transferable licence, whose royalty a resale pays. Zero for one that cannot be resold: the
    /// event {Granted} tells it.
    function assetOf(uint256 licenceId) external view returns (uint256 assetId);

    /// @notice The Exchange, which alone mints here.
    function exchange() external view returns (address);
}
