// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title ILicences
/// @notice Licences that were paid for: ERC-721 tokens whose ID is that of the trade they come from. What one is for was told
/// when that trade was filled ({IExchange-Filled}): asset, purpose, terms, term, whether it may pass on.
interface ILicences {
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
    /// @param resold The asset whose royalty a resale will pay; zero if the licence may not pass on.
    function mint(address buyer, uint256 licenceId, uint256 resold) external;

    /// @notice Whether `who` may use the asset now: it owns the licence, the term is not over and the seller has not revoked.
    function allows(uint256 licenceId, address who) external view returns (bool);

    /// @notice Last moment of a licence, unix seconds; zero is for ever.
    function untilOf(uint256 licenceId) external view returns (uint256 until);

    /// @notice The asset of a transferable licence, whose royalty a resale pays. Zero for one that cannot be resold: the
    /// {IExchange-Filled} of its trade tells it.
    function assetOf(uint256 licenceId) external view returns (uint256 assetId);

    /// @notice The Exchange, which alone mints here.
    function exchange() external view returns (address);
}
