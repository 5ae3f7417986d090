// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";
import {Domain} from "./Domain.sol";
import {IERC5192} from "./IERC5192.sol";
import {IIdentity} from "./IIdentity.sol";
import {Metadata} from "./Metadata.sol";
import {Signatures} from "./Signatures.sol";

/// @title Identity
/// @notice One token per person, which cannot move (ERC-721, ERC-5192). It says that an address entered, nothing else.
/// Guardians whom the owner named can recover it to a new address, after a delay in which the owner can stop them.
/// @dev Invariants:
/// - an address owns at most one token; where a token is or was, no other ever is;
/// - no token exists at an address that did not sign for it;
/// - a token changes its owner only by as many guardians as its owner wanted, after the delay its owner set, and keeps its ID;
/// - a guardian's signature is worth nothing after the next change of guardians or recovery: the epoch has risen;
/// - nobody but its owner is ever approved for a token, because nobody can be.
/// A balance is 0 or 1 and follows from the token's existence, so it takes no storage.
contract Identity is IIdentity, IERC721Metadata, IERC5192, Domain {
    /// @dev Storage of one token: a slot when it is entered.
    struct Entry {
        address owner;
        uint32 epoch; // what signatures of guardians and owner have to name
        uint32 delay; // seconds
        bool taken; // no token of this ID can be entered: its address got another by recovery
    }

    /// @dev Storage of one recovery that is on its way.
    struct Recovery {
        address to;
        uint64 readyAt; // unix seconds
    }

    /// @notice Shortest time in which an owner can stop a recovery, in seconds.
    uint256 public constant MIN_DELAY = 3 days;
    /// @notice Longest time, in seconds: a person must get back in some day.
    uint256 public constant MAX_DELAY = 90 days;
    /// @notice Most guardians of a token: bounds the gas of a recovery.
    uint256 public constant MAX_GUARDIANS = 64;

    bytes32 private constant ENTRY_TYPEHASH = keccak256("Entry(address owner)");
    bytes32 private constant GUARDIANS_TYPEHASH =
        keccak256("Guardians(uint256 tokenId,bytes32 guardiansHash,uint32 delay,uint32 epoch,uint64 until)");
    bytes32 private constant RECOVERY_TYPEHASH =
        keccak256("Recovery(uint256 tokenId,address to,uint32 epoch,uint64 until)");
    bytes32 private constant STOP_TYPEHASH = keccak256("Stop(uint256 tokenId,uint32 epoch,uint64 until)");
    bytes32 private constant TOKEN_DOMAIN = keccak256("sinso/identity/v1");

    mapping(uint256 tokenId => Entry entry) private _entries;
    mapping(uint256 tokenId => bytes32 guardiansHash) private _guardians;
    mapping(uint256 tokenId => Recovery recovery) private _recoveries;
    mapping(address owner => uint256 tokenId) private _recovered; // also of those who were recovered from since

    /// @inheritdoc IIdentity
    function enter(address owner, bytes calldata signature) external returns (uint256 tokenId) {
        tokenId = tokenOf(owner);
        Entry storage entry = _entries[tokenId];
        if (entry.owner != address(0) || entry.taken) revert AlreadyEntered(owner);
        _checkSigned(owner, keccak256(abi.encode(ENTRY_TYPEHASH, owner)), signature);
        entry.owner = owner;
        emit Transfer(address(0), owner, tokenId);
        emit Locked(tokenId);
    }

    /// @inheritdoc IIdentity
    function nameGuardians(uint256 tokenId, bytes32 guardiansHash, uint32 delay, uint64 until, bytes calldata signature)
        external
    {
        if (delay < MIN_DELAY || delay > MAX_DELAY) revert BadDelay();
        address owner = _ownerOf(tokenId);
        Entry storage entry = _entries[tokenId];
        if (msg.sender != owner) {
            bytes memory fields = abi.encode(GUARDIANS_TYPEHASH, tokenId, guardiansHash, delay, entry.epoch, until);
            _checkOwner(owner, keccak256(fields), until, signature);
        }
        entry.delay = delay;
        _guardians[tokenId] = guardiansHash;
        delete _recoveries[tokenId];
        emit GuardiansNamed(tokenId, guardiansHash, delay, ++entry.epoch);
    }

    /// @inheritdoc IIdentity
    function recover(
        uint256 tokenId,
        address to,
        uint64 until,
        bytes calldata accepted,
        uint256 threshold,
        address[] calldata guardians,
        bytes32 salt,
        bytes[] calldata signatures
    ) external {
        Entry storage entry = _entries[tokenId];
        // A token that does not exist has no guardians.
        if (hashGuardians(threshold, guardians, salt) != _guardians[tokenId]) revert BadGuardians();
        if (block.timestamp > until) revert Over(until);
        _checkFree(to);
        bytes32 structHash = keccak256(abi.encode(RECOVERY_TYPEHASH, tokenId, to, entry.epoch, until));
        _checkSigned(to, structHash, accepted);
        _checkGuardians(_digest(structHash), threshold, guardians, signatures);

        uint64 readyAt = uint64(block.timestamp + entry.delay);
        _recoveries[tokenId] = Recovery(to, readyAt);
        emit RecoveryBegun(tokenId, to, readyAt, ++entry.epoch);
    }

    /// @inheritdoc IIdentity
    function stop(uint256 tokenId, uint64 until, bytes calldata signature) external {
        address owner = _ownerOf(tokenId);
        if (_recoveries[tokenId].to == address(0)) revert NoRecovery(tokenId);
        Entry storage entry = _entries[tokenId];
        if (msg.sender != owner) {
            _checkOwner(owner, keccak256(abi.encode(STOP_TYPEHASH, tokenId, entry.epoch, until)), until, signature);
        }
        delete _recoveries[tokenId];
        emit RecoveryStopped(tokenId, ++entry.epoch);
    }

    /// @inheritdoc IIdentity
    function finish(uint256 tokenId) external {
        Recovery memory recovery = _recoveries[tokenId];
        address to = recovery.to;
        if (to == address(0)) revert NoRecovery(tokenId);
        if (block.timestamp <= recovery.readyAt) revert TooEarly(recovery.readyAt);
        // It may have entered by itself since.
        _checkFree(to);
        Entry storage entry = _entries[tokenId];
        address from = entry.owner;
        delete _recoveries[tokenId];
        entry.owner = to;
        _entries[tokenOf(to)].taken = true;
        _recovered[to] = tokenId;
        emit Transfer(from, to, tokenId);
        emit Recovered(tokenId, from, to, ++entry.epoch);
    }

    /// @inheritdoc IERC5192
    function locked(uint256 tokenId) external view returns (bool) {
        _ownerOf(tokenId);
        return true;
    }

    /// @inheritdoc IERC721
    function ownerOf(uint256 tokenId) external view returns (address) {
        return _ownerOf(tokenId);
    }

    /// @inheritdoc IERC721
    function balanceOf(address owner) external view returns (uint256) {
        if (owner == address(0)) revert ZeroAddress();
        return identityOf(owner) == 0 ? 0 : 1;
    }

    /// @inheritdoc IERC721
    function getApproved(uint256 tokenId) external view returns (address) {
        _ownerOf(tokenId);
        return address(0);
    }

    /// @inheritdoc IIdentity
    function guardiansOf(uint256 tokenId) external view returns (bytes32 guardiansHash, uint32 delay, uint32 epoch) {
        _ownerOf(tokenId);
        Entry storage entry = _entries[tokenId];
        return (_guardians[tokenId], entry.delay, entry.epoch);
    }

    /// @inheritdoc IIdentity
    function recoveryOf(uint256 tokenId) external view returns (address to, uint64 readyAt) {
        Recovery storage recovery = _recoveries[tokenId];
        return (recovery.to, recovery.readyAt);
    }

    /// @inheritdoc IERC721Metadata
    function tokenURI(uint256 tokenId) external view returns (string memory) {
        _ownerOf(tokenId);
        return Metadata.uri(
            "SINSO identity", "One person's identity token. It cannot move and says nothing about the person.", tokenId, 0
        );
    }

    /// @inheritdoc IERC721
    function isApprovedForAll(address, address) external pure returns (bool) {
        return false;
    }

    /// @inheritdoc IERC721
    function approve(address, uint256) external pure {
        revert Soulbound();
    }

    /// @inheritdoc IERC721
    function setApprovalForAll(address, bool) external pure {
        revert Soulbound();
    }

    /// @inheritdoc IERC721
    function transferFrom(address, address, uint256) external pure {
        revert Soulbound();
    }

    /// @inheritdoc IERC721
    function safeTransferFrom(address, address, uint256) external pure {
        revert Soulbound();
    }

    /// @inheritdoc IERC721
    function safeTransferFrom(address, address, uint256, bytes calldata) external pure {
        revert Soulbound();
    }

    /// @inheritdoc IERC721Metadata
    function name() external pure returns (string memory) {
        return "SINSO identity";
    }

    /// @inheritdoc IERC721Metadata
    function symbol() external pure returns (string memory) {
        return "SINSO-ID";
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(IERC165).interfaceId || interfaceId == type(IERC721).interfaceId
            || interfaceId == type(IERC721Metadata).interfaceId || interfaceId == type(IERC5192).interfaceId;
    }

    /// @inheritdoc IIdentity
    function identityOf(address owner) public view returns (uint256 tokenId) {
        if (owner == address(0)) return 0;
        tokenId = tokenOf(owner);
        if (_entries[tokenId].owner == owner) return tokenId;
        tokenId = _recovered[owner];
        if (_entries[tokenId].owner != owner) return 0;
    }

    /// @inheritdoc IIdentity
    function hashGuardians(uint256 threshold, address[] calldata guardians, bytes32 salt) public pure returns (bytes32) {
        uint256 n = guardians.length;
        if (threshold == 0 || threshold > n || n > MAX_GUARDIANS) revert BadGuardians();
        // Ascending from above zero: nobody twice, and nobody who cannot sign.
        address last = address(0);
        for (uint256 i = 0; i < n; ++i) {
            if (guardians[i] <= last) revert BadGuardians();
            last = guardians[i];
        }
        return keccak256(abi.encode(threshold, guardians, salt));
    }

    /// @inheritdoc IIdentity
    function tokenOf(address owner) public pure returns (uint256) {
        return uint256(keccak256(abi.encode(TOKEN_DOMAIN, owner)));
    }

    /// @dev Reverts if a token is or ever was at this address.
    function _checkFree(address to) private view {
        Entry storage entry = _entries[tokenOf(to)];
        if (entry.owner != address(0) || entry.taken) revert AlreadyEntered(to);
    }

    function _checkSigned(address signer, bytes32 structHash, bytes calldata signature) private view {
        if (!Signatures.signed(signer, _digest(structHash), signature)) revert BadSignature(signer);
    }

    function _checkOwner(address owner, bytes32 structHash, uint64 until, bytes calldata signature) private view {
        if (block.timestamp > until) revert Over(until);
        _checkSigned(owner, structHash, signature);
    }

    /// @dev Reverts unless enough guardians signed. A signature that is there but wrong is a fault, not an abstention.
    function _checkGuardians(
        bytes32 digest,
        uint256 threshold,
        address[] calldata guardians,
        bytes[] calldata signatures
    ) private view {
        if (signatures.length != guardians.length) revert BadGuardians();
        uint256 signed = 0;
        for (uint256 i = 0; i < guardians.length; ++i) {
            if (signatures[i].length == 0) continue;
            if (!Signatures.signed(guardians[i], digest, signatures[i])) revert BadSignature(guardians[i]);
            ++signed;
        }
        if (signed < threshold) revert TooFewGuardians(signed, threshold);
    }

    /// @dev The owner, or a revert: ERC-721 has no token of the zero address.
    function _ownerOf(uint256 tokenId) private view returns (address owner) {
        owner = _entries[tokenId].owner;
        if (owner == address(0)) revert NoSuchToken(tokenId);
    }
}
