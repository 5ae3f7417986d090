// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice One payee of a split.
/// @param payee Who is paid.
/// @param bps Part of the whole in basis points; 10,000 are the whole.
struct Share {
    address payee;
    uint16 bps;
}

/// @title IAssets
/// @notice Rights in chosen data: ERC-721 tokens whose ID commits to creator, content and split.
interface IAssets {
    /// @notice An asset token was minted. With {IERC721-Transfer} this is all that the chain says of it.
    /// The split is in the event, so that a lost copy of it can never lock money.
    /// @param parent The token that this one is a new version of, or zero. It is the creators' claim: they signed it,
    /// the parent's owner need not have.
    event Entered(uint256 indexed tokenId, bytes32 indexed parent, bytes32 contentCommitment, Share[] split);

    /// @notice The token exists already.
    error AlreadyEntered(uint256 tokenId);
    /// @notice `payee` did not sign this asset.
    error BadSignature(address payee);
    /// @notice The split has no or too many shares, a zero payee, a zero share, a payee twice, or does not sum to 10,000 bps.
    error BadSplit();
    /// @notice The token does not exist.
    error NoSuchToken(uint256 tokenId);
    /// @notice The caller is neither owner nor approved.
    error NotApproved(uint256 tokenId, address caller);
    /// @notice `from` does not own the token.
    error NotOwner(uint256 tokenId, address from);
    /// @notice There must be one signature for each payee of the split.
    error SignatureCount();
    /// @notice The zero address owns and receives nothing.
    error ZeroAddress();

    /// @notice Mints an asset token to its creator, the first payee of the split. Anyone may carry it and pay the gas.
    /// @dev Everyone in the split signed `Asset(address creator,bytes32 contentCommitment,bytes32 splitHash,bytes32 parent)`
    /// (EIP-712 or ERC-1271), with creator = split[0].payee and splitHash = keccak256(abi.encode(split)). The creator gets
    /// no ERC-721 receiver call: it signed.
    /// @param contentCommitment Salted commitment to the content.
    /// @param parent The token that this one is a new version of, or zero. It must exist.
    /// @param split 1 to 64 payees, no one twice, together 10,000 bps.
    /// @param signatures One for each payee, in the order of the split.
    /// @return tokenId What {tokenOf} says.
    function enter(bytes32 contentCommitment, bytes32 parent, Share[] calldata split, bytes[] calldata signatures)
        external
        returns (uint256 tokenId);

    /// @notice Whether the token exists.
    function entered(uint256 tokenId) external view returns (bool);

    /// @notice The Royalties contract, which makes the ERC-2981 receivers.
    function royalties() external view returns (address);

    /// @notice The token ID of an asset, whether it was entered or not:
    /// keccak256(abi.encode(keccak256("sinso/asset/v1"), split[0].payee, contentCommitment, keccak256(abi.encode(split)))).
    function tokenOf(bytes32 contentCommitment, Share[] calldata split) external pure returns (uint256 tokenId);
}
