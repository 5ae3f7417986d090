// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC4906} from "@openzeppelin/contracts/interfaces/IERC4906.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";
import {ERC721Utils} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Utils.sol";
import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {Domain} from "./Domain.sol";
import {IAssets, Share} from "./IAssets.sol";
import {IRoyalties} from "./IRoyalties.sol";
import {Metadata} from "./Metadata.sol";
import {Royalties} from "./Royalties.sol";
import {Signatures} from "./Signatures.sol";
import {Splits} from "./Splits.sol";

/// @title Assets
/// @notice Rights in chosen data: ERC-721 tokens whose ID commits to creator, content and split (ERC-721, ERC-2981, ERC-4494,
/// ERC-4906).
/// @dev Invariants:
/// - content and split of a token never change: they are its ID, whichever way it was entered;
/// - nobody is named in a split who did not sign it, a root over it or a voucher of it, or send it as the only payee;
/// - a token is entered once: to its creator, or to the buyer whom the market names that its creator's voucher names;
/// - the balances add up to the number of tokens, and a token has one owner;
/// - nobody can mint, burn or move a token but by its payees' signatures and its owner's will: there is no admin;
/// - a token has at most one successor, for ever, named by who owned it then;
/// - a permit is good once, and for nothing after its token has moved: not even if it comes back.
/// Only owner and balance are stored: two slots for a first token, one for a next. A root is not stored at all.
contract Assets is IAssets, IERC721Metadata, IERC2981, IERC4906, Domain {
    /// @dev One slot. The nonce is in what a transfer writes anyway.
    struct Title {
        address owner;
        uint96 nonce; // permits used and transfers
    }

    bytes32 private constant ASSET_TYPEHASH =
        keccak256("Asset(address creator,bytes32 contentCommitment,bytes32 splitHash,bytes32 parent)");
    bytes4 private constant ERC4494_ID = 0x5604e225; // permit, nonces, DOMAIN_SEPARATOR
    bytes4 private constant ERC4906_ID = 0x49064906; // it has no functions to take an ID from
    bytes32 private constant BATCH_TYPEHASH = keccak256("Batch(bytes32 root)");
    bytes32 private constant PERMIT_TYPEHASH =
        keccak256("Permit(address spender,uint256 tokenId,uint256 nonce,uint256 deadline)");
    bytes32 private constant SUCCESSION_TYPEHASH = keccak256("Succession(uint256 parent,uint256 child,uint64 until)");
    bytes32 private constant VOUCHER_TYPEHASH = keccak256(
        "Voucher(Asset asset,address market,Sale sale)Asset(address creator,bytes32 contentCommitment,bytes32 splitHash,bytes32 parent)Sale(address seller,address taker,address collection,uint256 tokenId,address currency,uint256 price,uint256 floor,uint64 startsAt,uint64 endsAt,uint256 salt)"
    );

    IRoyalties private immutable ROYALTIES = IRoyalties(address(new Royalties()));

    mapping(uint256 tokenId => Title) private _titles;
    mapping(address owner => uint256 count) private _balances;
    mapping(uint256 tokenId => address approved) private _approvals;
    mapping(address owner => mapping(address operator => bool approved)) private _operators;
    mapping(uint256 parent => uint256 child) private _successors;

    /// @inheritdoc IAssets
    function enter(bytes32 contentCommitment, bytes32 parent, Share[] calldata split, bytes[] calldata signatures)
        external
        returns (uint256 tokenId)
    {
        bytes32 structHash;
        (tokenId, structHash) = _name(contentCommitment, parent, split);
        _checkSigned(_digest(structHash), split, signatures, 0);
        _checkParent(parent);
        _mint(tokenId, split[0].payee);
        emit Entered(tokenId, parent, contentCommitment, split);
    }

    /// @inheritdoc IAssets
    function enterByVoucher(
        bytes32 contentCommitment,
        bytes32 parent,
        Share[] calldata split,
        bytes[] calldata signatures,
        bytes32 saleStructHash,
        address to
    ) external returns (uint256 tokenId) {
        if (to == address(0)) revert ZeroAddress();
        bytes32 structHash;
        (tokenId, structHash) = _name(contentCommitment, parent, split);
        _checkSigned(_digest(structHash), split, signatures, 1);
        address creator = split[0].payee;
        structHash = keccak256(abi.encode(VOUCHER_TYPEHASH, structHash, msg.sender, saleStructHash));
        if (!Signatures.signed(creator, _digest(structHash), signatures[0])) revert BadSignature(creator);
        _checkParent(parent);
        _mintSold(tokenId, creator, to);
        emit Entered(tokenId, parent, contentCommitment, split);
    }

    /// @inheritdoc IAssets
    function enterAsCreator(bytes32 contentCommitment, bytes32 parent) external returns (uint256 tokenId) {
        tokenId = Splits.tokenOfSingle(contentCommitment, msg.sender);
        _mintSingle(tokenId, parent, contentCommitment, msg.sender);
    }

    /// @inheritdoc IAssets
    function witness(bytes32 root) external {
        emit Witnessed(root);
    }

    /// @inheritdoc IAssets
    function materialise(
        bytes32 contentCommitment,
        bytes32 parent,
        Share[] calldata split,
        bytes[] calldata signatures,
        bytes32[] calldata proof
    ) external returns (uint256 tokenId) {
        (tokenId,) = _identify(contentCommitment, split);
        bytes32 structHash = Hashes.efficientKeccak256(BATCH_TYPEHASH, _rootOf(tokenId, parent, proof));
        _checkSigned(_digest(structHash), split, signatures, 0);
        _checkParent(parent);
        _mint(tokenId, split[0].payee);
        emit Entered(tokenId, parent, contentCommitment, split);
    }

    /// @inheritdoc IAssets
    function materialiseSingle(
        address creator,
        bytes32 contentCommitment,
        bytes32 parent,
        bytes32 r,
        bytes32 vs,
        bytes32[] calldata proof
    ) external returns (uint256 tokenId) {
        tokenId = Splits.tokenOfSingle(contentCommitment, creator);
        if (!_signedRoot(creator, _rootOf(tokenId, parent, proof), r, vs)) revert BadSignature(creator);
        _mintSingle(tokenId, parent, contentCommitment, creator);
    }

    /// @inheritdoc IAssets
    function succeed(uint256 parent, uint256 child, uint64 until, bytes calldata signature) external {
        address owner = ownerOf(parent);
        if (_titles[child].owner == address(0) || child == parent) revert NoSuchToken(child);
        if (_successors[parent] != 0) revert AlreadySucceeded(parent);
        if (msg.sender != owner) {
            if (block.timestamp > until) revert Over(until);
            bytes32 digest = _digest(keccak256(abi.encode(SUCCESSION_TYPEHASH, parent, child, until)));
            if (!Signatures.signed(owner, digest, signature)) revert BadSignature(owner);
        }
        _successors[parent] = child;
        emit Succeeded(parent, child);
        emit MetadataUpdate(parent);
    }

    /// @inheritdoc IERC721
    function approve(address to, uint256 tokenId) external {
        address owner = ownerOf(tokenId);
        if (msg.sender != owner && !_operators[owner][msg.sender]) revert NotApproved(tokenId, msg.sender);
        _approvals[tokenId] = to;
        emit Approval(owner, to, tokenId);
    }

    /// @inheritdoc IAssets
    function permit(address spender, uint256 tokenId, uint256 deadline, bytes calldata signature) external {
        Title memory title = _titles[tokenId];
        if (title.owner == address(0)) revert NoSuchToken(tokenId);
        if (block.timestamp > deadline) revert Expired(deadline);
        bytes32 structHash = keccak256(abi.encode(PERMIT_TYPEHASH, spender, tokenId, title.nonce, deadline));
        if (!Signatures.signed(title.owner, _digest(structHash), signature)) revert BadSignature(title.owner);
        // 2^96 are more than can ever be counted one by one.
        unchecked {
            ++title.nonce;
        }
        _titles[tokenId] = title;
        _approvals[tokenId] = spender;
        emit Approval(title.owner, spender, tokenId);
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
        return _titles[tokenId].owner != address(0);
    }

    /// @inheritdoc IAssets
    function nonces(uint256 tokenId) external view returns (uint256) {
        ownerOf(tokenId);
        return _titles[tokenId].nonce;
    }

    /// @inheritdoc IAssets
    function DOMAIN_SEPARATOR() external view returns (bytes32) { // solhint-disable-line func-name-mixedcase
        return domainSeparator();
    }

    /// @inheritdoc IAssets
    function successorOf(uint256 tokenId) external view returns (uint256) {
        return _successors[tokenId];
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
        return Metadata.pictured(
            "SINSO asset",
            "A right in data that is not on the chain. The token ID commits to it.",
            tokenId,
            _successors[tokenId]
        );
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
            || interfaceId == type(IERC721Metadata).interfaceId || interfaceId == type(IERC2981).interfaceId
            || interfaceId == ERC4494_ID || interfaceId == ERC4906_ID;
    }

    /// @inheritdoc IERC721
    function transferFrom(address from, address to, uint256 tokenId) public {
        if (to == address(0)) revert ZeroAddress();
        uint256 slot;
        uint256 title;
        // _titles[tokenId], as a word: its slot is hashed once, read once and written once.
        assembly ("memory-safe") {
            mstore(0, tokenId)
            mstore(32, _titles.slot)
            slot := keccak256(0, 64)
            title := sload(slot)
        }
        address owner = address(uint160(title));
        if (owner == address(0)) revert NoSuchToken(tokenId);
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
        // _titles[tokenId] = Title(to, nonce + 1): there can be no 2^96 transfers.
        assembly ("memory-safe") {
            sstore(slot, or(to, shl(160, add(shr(160, title), 1))))
        }
        emit Transfer(from, to, tokenId);
    }

    /// @inheritdoc IERC721
    function ownerOf(uint256 tokenId) public view returns (address owner) {
        owner = _titles[tokenId].owner;
        if (owner == address(0)) revert NoSuchToken(tokenId);
    }

    /// @dev Mints a token of which the creator is the only payee, who is in the Transfer. Words that say nothing are left out of
    /// the event: a first version has no parent and no split there.
    function _mintSingle(uint256 tokenId, bytes32 parent, bytes32 contentCommitment, address creator) private {
        if (parent == 0) {
            _mint(tokenId, creator);
            bytes32 topic = EnteredSingle.selector;
            // emit EnteredSingle(tokenId, contentCommitment)
            assembly ("memory-safe") {
                mstore(0, contentCommitment)
                log2(0, 32, topic, tokenId)
            }
            return;
        }
        _checkParent(parent);
        _mint(tokenId, creator);
        emit Entered(tokenId, parent, contentCommitment, new Share[](0));
    }

    function _mint(uint256 tokenId, address creator) private {
        _write(tokenId, uint160(creator));
        // A balance cannot pass 2^256: each token costs a storage slot.
        unchecked {
            ++_balances[creator];
        }
        emit Transfer(address(0), creator, tokenId);
    }

    /// @dev Mints a token to its creator and moves it at once: what stays is as after both.
    function _mintSold(uint256 tokenId, address creator, address to) private {
        _write(tokenId, uint160(to) | 1 << 160); // it has moved once
        // As in {_mint}.
        unchecked {
            ++_balances[to];
        }
        emit Transfer(address(0), creator, tokenId);
        emit Transfer(creator, to, tokenId);
    }

    /// @dev _titles[tokenId], as a word, for a token that is not entered: its slot is hashed once and read once.
    function _write(uint256 tokenId, uint256 fresh) private {
        uint256 slot;
        uint256 title;
        assembly ("memory-safe") {
            mstore(0, tokenId)
            mstore(32, _titles.slot)
            slot := keccak256(0, 64)
            title := sload(slot)
        }
        if (title != 0) revert AlreadyEntered(tokenId);
        assembly ("memory-safe") {
            sstore(slot, fresh)
        }
    }

    /// @dev Reverts if there is a parent and it does not exist.
    function _checkParent(bytes32 parent) private view {
        if (parent != 0 && _titles[uint256(parent)].owner == address(0)) revert NoSuchToken(uint256(parent));
    }

    /// @dev Reverts unless each payee of the split, from this one on, signed the digest.
    function _checkSigned(bytes32 digest, Share[] calldata split, bytes[] calldata signatures, uint256 from) private view {
        if (signatures.length != split.length) revert SignatureCount();
        for (uint256 i = from; i < split.length; ++i) {
            if (!Signatures.signed(split[i].payee, digest, signatures[i])) revert BadSignature(split[i].payee);
        }
    }

    /// @dev Whether an account with a key signed the root, by a short signature (EIP-2098). Its `s` has 255 bits, so it is low
    /// (EIP-2) but for one in 2^127, which nobody can look for; and a token is entered once, by whichever signature.
    function _signedRoot(address signer, bytes32 root, bytes32 r, bytes32 vs) private view returns (bool signed) {
        bytes32 separator = domainSeparator();
        bytes32 typeHash = BATCH_TYPEHASH;
        // The precompile at 1 recovers who signed, or answers with nothing. What it is asked stands in the lowest four words, of
        // which the last two are put back.
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(0, typeHash)
            mstore(32, root)
            let structHash := keccak256(0, 64)
            mstore(0, hex"1901")
            mstore(2, separator)
            mstore(34, structHash)
            mstore(0, keccak256(0, 66))
            mstore(32, add(27, shr(255, vs)))
            mstore(64, r)
            mstore(96, shr(1, shl(1, vs)))
            pop(staticcall(gas(), 1, 0, 128, 0, 32))
            signed := and(eq(mload(0), signer), eq(returndatasize(), 32))
            mstore(0x40, free)
            mstore(0x60, 0)
        }
    }

    /// @dev The root of a batch of which the token, as a version of the parent, is a leaf; with a wrong proof it is a root
    /// that nobody signed. A leaf is hashed twice: a node of the tree is not a leaf.
    function _rootOf(uint256 tokenId, bytes32 parent, bytes32[] calldata proof) private pure returns (bytes32 node) {
        // As OpenZeppelin's MerkleProof.processProofCalldata, for half of its gas: the smaller of two goes first.
        assembly ("memory-safe") {
            mstore(0, tokenId)
            mstore(32, parent)
            mstore(0, keccak256(0, 64))
            node := keccak256(0, 32)
            let at := proof.offset
            let end := add(at, shl(5, proof.length))
            if proof.length {
                for {} 1 {} {
                    let sibling := calldataload(at)
                    let place := shl(5, gt(node, sibling))
                    mstore(place, node)
                    mstore(xor(place, 32), sibling)
                    node := keccak256(0, 64)
                    at := add(at, 32)
                    if eq(at, end) { break }
                }
            }
        }
    }

    /// @dev The token and the struct hash of what its payees sign, or a revert if the split is not whole.
    function _name(bytes32 contentCommitment, bytes32 parent, Share[] calldata split)
        private
        pure
        returns (uint256 tokenId, bytes32 structHash)
    {
        bytes32 splitHash;
        (tokenId, splitHash) = _identify(contentCommitment, split);
        structHash = keccak256(abi.encode(ASSET_TYPEHASH, split[0].payee, contentCommitment, splitHash, parent));
    }

    /// @dev The token and the split's hash, or a revert if the split is not whole.
    function _identify(bytes32 contentCommitment, Share[] calldata split)
        private
        pure
        returns (uint256 tokenId, bytes32 splitHash)
    {
        Splits.check(split);
        splitHash = Splits.hash(split);
        tokenId = Splits.tokenOf(contentCommitment, split[0].payee, splitHash);
    }
}
