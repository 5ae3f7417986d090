// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title IIdentity
/// @notice One token per person, which cannot move (ERC-721, ERC-5192).
interface IIdentity {
    /// @notice `owner` already has its identity token: one for ever.
    error AlreadyEntered(address owner);
    /// @notice `owner` did not sign this entry.
    error BadSignature(address owner);
    /// @notice The token does not exist.
    error NoSuchToken(uint256 tokenId);
    /// @notice Identity tokens do not move and cannot be approved.
    error Soulbound();
    /// @notice ERC-721 asks for a revert when the zero address is asked for.
    error ZeroAddress();

    /// @notice Mints the identity token of `owner`, who signed `Entry(address owner)` (EIP-712 or ERC-1271). Anyone may
    /// carry it and pay the gas.
    /// @return tokenId What {tokenOf} says of `owner`.
    function enter(address owner, bytes calldata signature) external returns (uint256 tokenId);

    /// @notice The token ID of an owner, whether it was entered or not:
    /// keccak256(abi.encode(keccak256("sinso/identity/v1"), owner)).
    function tokenOf(address owner) external pure returns (uint256 tokenId);
}
