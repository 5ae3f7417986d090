// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";
import {ERC721Utils} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Utils.sol";
import {Domain} from "./Domain.sol";
import {IAssets, Share} from "./IAssets.sol";
import {IRoyalties} from "./IRoyalties.sol";
import {Metadata} from "./Metadata.sol";
import {Royalties} from "./Royalties.sol";
import {Signatures} from "./Signatures.sol";
import {Splits} from "./Splits.sol";

/// @title Assets
/// @notice Rights in chosen data: ERC-721 tokens whose ID commits to creator, content and split (ERC-721, ERC-2981).
/// @dev Invariants:
/// - content and split of a token never change: they are its ID;
/// - nobody is named in a split who did not sign it;
/// - the balances add up to the number of tokens, and a token has one owner;
/// - nobody can mint, burn or move a token but by its payees' signatures and its owner's will: there is no admin.
/// Only owner and balance are stored: two slots for a first token, one for a next.
contract Assets is IAssets, IERC721Metadata, IERC2981, Domain {
    bytes32 private constant ASSET_TYPEHASH =
        keccak256("Asset(address creator,bytes32 contentCommitment,bytes32 splitHash,bytes32 parent)");

    IRoyalties private immutable ROYALTIES = IRoyalties(address(new Royalties()));

    mapping(uint256 tokenId => address owner) private _owners;
    mapping(address owner => uint256 count) private _balances;
    mapping(uint256 tokenId => address approved) private _approvals;
    mapping(address owner => mapping(address operator => bool approved)) private _operators;

    /// @inheritdoc IAssets
    function enter(bytes32 contentCommitment, bytes32 parent, Share[] calldata split, bytes[] calldata signatures)
        external
        returns (uint256 tokenId)
    {
        Splits.check(split);
        address creator = split[0].payee;
        bytes32 splitHash = Splits.hash(split);
        tokenId = Splits.tokenOf(contentCommitment, creator, splitHash);
        if (_owners[tokenId] != address(0)) revert AlreadyEntered(tokenId);
        if (parent != 0 && _owners[uint256(parent)] == address(0)) revert NoSuchToken(uint256(parent));
        bytes32 structHash = keccak256(abi.encode(ASSET_TYPEHASH, creator, contentCommitment, splitHash, parent));
        _checkSigned(_digest(structHash), split, signatures);

        _owners[tokenId] = creator;
        // A balance cannot pass 2^256: each token costs a storage slot.
        unchecked {
            ++_balances[creator];
        }
        emit Transfer(address(0), creator, tokenId);
        emit Entered(tokenId, parent, contentCommitment, split);
    }

    /// @inheritdoc IERC721
    function approve(address to, uint256 tokenId) external {
        address owner = ownerOf(tokenId);
        if (msg.sender != owner && !_operators[owner][msg.sender]) revert NotApproved(tokenId, msg.sender);
        _approvals[tokenId] = to;
        emit Approval(owner, to, tokenId);
    }

    /// @inheritdoc IERC721
    function setApprovalForAll(address operator, bool approved) external {
        if (operator == address(0)) revert ZeroAddress();
        _operators[msg.sender][operator] = approved;
        emit ApprovalForAll(msg.sender, operator, approved);
    }

    /// @inheritdoc IERC721
    function safeTransferFrom(address from, address to, uint256 tokenId) external {
        transferFrom(from, to, tokenId);
        ERC721Utils.checkOnERC721Received(msg.sender, from, to, tokenId, "");
    }

    /// @inheritdoc IERC721
    function safeTransferFrom(address from, address to, uint256 tokenId, bytes calldata data) external {
        transferFrom(from, to, tokenId);
        ERC721Utils.checkOnERC721Received(msg.sender, from, to, tokenId, data);
    }

    /// @inheritdoc IAssets
    function entered(uint256 tokenId) external view returns (bool) {
        return _owners[tokenId] != address(0);
    }

    /// @inheritdoc IERC721
    function balanceOf(address owner) external view returns (uint256) {
        if (owner == address(0)) revert ZeroAddress();
        return _balances[owner];
    }

    /// @inheritdoc IERC721
    function getApproved(uint256 tokenId) external view returns (address) {
        ownerOf(tokenId);
        return _approvals[tokenId];
    }

    /// @inheritdoc IERC721
    function isApprovedForAll(address owner, address operator) external view returns (bool) {
        return _operators[owner][operator];
    }

    /// @inheritdoc IERC721Metadata
    function tokenURI(uint256 tokenId) external view returns (string memory) {
        ownerOf(tokenId);
        return Metadata.uri("SINSO asset", "A right in data that is not on the chain. The token ID commits to it.", tokenId);
    }

    /// @inheritdoc IERC2981
    /// @dev The receiver is an address of the token's own. It can be paid before there is code at it ({Royalties}).
    function royaltyInfo(uint256 tokenId, uint256 salePrice) external view returns (address receiver, uint256 amount) {
        return (ROYALTIES.receiverOf(tokenId), Splits.portion(salePrice, Splits.ROYALTY_BPS));
    }

    /// @inheritdoc IAssets
    function royalties() external view returns (address) {
        return address(ROYALTIES);
    }

    /// @inheritdoc IAssets
    function tokenOf(bytes32 contentCommitment, Share[] calldata split) external pure returns (uint256) {
        Splits.check(split);
        return Splits.tokenOf(contentCommitment, split);
    }

    /// @inheritdoc IERC721Metadata
    function name() external pure returns (string memory) {
        return "SINSO assets";
    }

    /// @inheritdoc IERC721Metadata
    function symbol() external pure returns (string memory) {
        return "SINSO";
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(IERC165).interfaceId || interfaceId == type(IERC721).interfaceId
            || interfaceId == type(IERC721Metadata).interfaceId || interfaceId == type(IERC2981).interfaceId;
    }

    /// @inheritdoc IERC721
    function transferFrom(address from, address to, uint256 tokenId) public {
        if (to == address(0)) revert ZeroAddress();
        address owner = ownerOf(tokenId);
        if (owner != from) revert NotOwner(tokenId, from);
        address approved = _approvals[tokenId];
        if (msg.sender != owner && msg.sender != approved && !_operators[owner][msg.sender]) {
            revert NotApproved(tokenId, msg.sender);
        }
        if (approved != address(0)) delete _approvals[tokenId];
        // `from` owns this token, so its balance is at least 1; the balances add up to the number of tokens.
        unchecked {
            --_balances[from];
            ++_balances[to];
        }
        _owners[tokenId] = to;
        emit Transfer(from, to, tokenId);
    }

    /// @inheritdoc IERC721
    function ownerOf(uint256 tokenId) public view returns (address owner) {
        owner = _owners[tokenId];
        if (owner == address(0)) revert NoSuchToken(tokenId);
    }

    /// @dev Reverts unless each payee of the split signed the digest.
    function _checkSigned(bytes32 digest, Share[] calldata split, bytes[] calldata signatures) private view {
        if (signatures.length != split.length) revert SignatureCount();
        for (uint256 i = 0; i < split.length; ++i) {
            if (!Signatures.signed(split[i].payee, digest, signatures[i])) revert BadSignature(split[i].payee);
        }
    }
}
