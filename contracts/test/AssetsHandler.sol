// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IAssets, Share} from "../src/IAssets.sol";
import {Batch} from "./Batch.sol";
import {Fixture} from "./Fixture.sol";

/// @notice A few people who enter assets each way, move them and name what comes after; and a model of who must have what.
/// @dev Each step tries one call, whether it is allowed or not. The model says beforehand if it may succeed, and shares no
/// code with the contract.
contract AssetsHandler is Fixture {
    uint256 internal constant CONTENTS = 4;

    uint256[] public ids; // every token that can come to be: contents of each person alone, then those of two payees
    mapping(uint256 id => address owner) public owners;
    mapping(uint256 id => uint256 child) public successors;
    mapping(uint256 id => address creator) public creators;
    mapping(uint256 id => uint256 count) public moves; // transfers and permits
    mapping(uint256 id => address spender) public approvals;
    mapping(string step => uint256 count) public done;

    uint256[3] private keys = [PATIENT_KEY, DOCTOR_KEY, OTHER_KEY];
    bytes32[] private leaves; // of ids, in their order, without parents

    constructor() {
        setUp();
        for (uint256 i = 0; i < 4 * CONTENTS; ++i) {
            uint256 id = tokenOf(contentOf(i), splitFor(i));
            ids.push(id);
            leaves.push(Batch.leaf(id, 0));
            creators[id] = splitFor(i)[0].payee;
        }
    }

    function enterAsCreator(uint256 seed) external {
        uint256 i = seed % (3 * CONTENTS);
        address who = creators[ids[i]];
        uint256 parent = (seed >> 24) % 2 == 0 ? 0 : ids[(seed >> 32) % ids.length];
        bool allowed = owners[ids[i]] == address(0) && (parent == 0 || owners[parent] != address(0));
        bool ok = _call(who, abi.encodeCall(IAssets.enterAsCreator, (contentOf(i), bytes32(parent))));
        _agree(ok, allowed, "enterAsCreator");
        if (ok) owners[ids[i]] = who;
    }

    function enter(uint256 seed) external {
        uint256 i = seed % ids.length;
        Share[] memory split = splitFor(i);
        bool forged = (seed >> 16) % 8 == 0;
        bytes[] memory signatures = signaturesOf(contentOf(i), 0, split, keysFor(i, forged));
        bool ok = _call(relayer, abi.encodeCall(IAssets.enter, (contentOf(i), 0, split, signatures)));
        _entered(ok, i, forged, "enter");
    }

    /// @dev The market is the relayer; what it sells is no matter here.
    function enterByVoucher(uint256 seed) external {
        uint256 i = seed % ids.length;
        Share[] memory split = splitFor(i);
        bool forged = (seed >> 16) % 8 == 0;
        address market = (seed >> 24) % 8 == 0 ? other : relayer;
        address to = vm.addr(keys[(seed >> 32) % 3]);
        bytes[] memory signatures = signaturesOf(contentOf(i), 0, split, keysFor(i, forged));
        uint256 key = forged ? 0xBAD : keysFor(i, false)[0];
        signatures[0] = signature(key, voucherDigest(contentOf(i), 0, split, market, bytes32(seed)));
        bytes memory data =
            abi.encodeCall(IAssets.enterByVoucher, (contentOf(i), 0, split, signatures, bytes32(seed), to));
        bool ok = _call(relayer, data);
        _entered(ok, i, forged || market != relayer, "enterByVoucher");
        if (ok) _moved(ids[i], to);
    }

    function materialise(uint256 seed) external {
        uint256 i = seed % ids.length;
        bool forged = (seed >> 16) % 8 == 0;
        bool misplaced = (seed >> 24) % 8 == 0;
        bytes32 root = Batch.root(leaves);
        uint256[] memory by = keysFor(i, forged);
        bytes[] memory signatures = new bytes[](by.length);
        for (uint256 k = 0; k < by.length; ++k) {
            signatures[k] = signature(by[k], batchDigest(root));
        }
        bytes32[] memory proof = Batch.proof(leaves, misplaced ? (i + 1) % ids.length : i);
        bytes memory data = abi.encodeCall(IAssets.materialise, (contentOf(i), 0, splitFor(i), signatures, proof));
        _entered(_call(relayer, data), i, forged || misplaced, "materialise");
    }

    function materialiseSingle(uint256 seed) external {
        uint256 i = seed % ids.length;
        bool forged = (seed >> 16) % 8 == 0;
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keysFor(i, forged)[0], batchDigest(Batch.root(leaves)));
        bytes32 vs = bytes32(uint256(s) | uint256(v - 27) << 255);
        bytes32[] memory proof = Batch.proof(leaves, i);
        bytes memory data =
            abi.encodeCall(IAssets.materialiseSingle, (creators[ids[i]], contentOf(i), 0, r, vs, proof));
        // What has two payees cannot come in this way: the split is another, and that is not in the tree.
        _entered(_call(relayer, data), i, forged || i >= 3 * CONTENTS, "materialiseSingle");
    }

    function transfer(uint256 seed) external {
        uint256 id = ids[seed % ids.length];
        address from = owners[id];
        address to = vm.addr(keys[(seed >> 16) % 3]);
        address who = (seed >> 24) % 4 == 0 ? relayer : from;
        bool ok = _call(who, abi.encodeCall(IERC721.transferFrom, (from, to, id)));
        _agree(ok, from != address(0) && (who == from || approvals[id] == who), "transfer");
        if (ok) _moved(id, to);
    }

    /// @dev With the nonce of now, or of before: that is what a permit of an earlier owner has.
    function permit(uint256 seed) external {
        uint256 id = ids[seed % ids.length];
        uint256 nonce = moves[id] == 0 || (seed >> 16) % 4 != 0 ? moves[id] : moves[id] - 1;
        uint256 key = keys[(seed >> 24) % 3];
        address spender = (seed >> 32) % 2 == 0 ? relayer : address(0);
        bytes32 typeHash = keccak256("Permit(address spender,uint256 tokenId,uint256 nonce,uint256 deadline)");
        bytes32 toSign = digest(address(assets), keccak256(abi.encode(typeHash, spender, id, nonce, START)));
        bool ok = _call(relayer, abi.encodeCall(IAssets.permit, (spender, id, START, signature(key, toSign))));
        _agree(ok, owners[id] == vm.addr(key) && nonce == moves[id], "permit");
        if (!ok) return;
        approvals[id] = spender;
        ++moves[id];
    }

    function succeed(uint256 seed) external {
        uint256 parent = ids[seed % ids.length];
        uint256 child = ids[(seed >> 16) % ids.length];
        address who = (seed >> 32) % 4 == 0 ? relayer : owners[parent];
        bool both = owners[parent] != address(0) && owners[child] != address(0) && parent != child;
        bool ok = _call(who, abi.encodeCall(IAssets.succeed, (parent, child, uint64(START), "")));
        _agree(ok, both && who == owners[parent] && successors[parent] == 0, "succeed");
        if (ok) successors[parent] = child;
    }

    /// @dev Everything is compared in one call: each call of a test is a transaction of its own, which takes time.
    function check() external view {
        address[3] memory people = [patient, doctor, other];
        uint256[3] memory held;
        for (uint256 i = 0; i < ids.length; ++i) {
            address owner = owners[ids[i]];
            eq(assets.entered(ids[i]) ? assets.ownerOf(ids[i]) : address(0), owner, "owner");
            eq(assets.successorOf(ids[i]), successors[ids[i]], "successor");
            if (owner != address(0)) {
                eq(assets.nonces(ids[i]), moves[ids[i]], "nonce");
                eq(assets.getApproved(ids[i]), approvals[ids[i]], "approved");
            }
            for (uint256 p = 0; p < 3; ++p) {
                if (owner == people[p]) ++held[p];
            }
        }
        for (uint256 p = 0; p < 3; ++p) {
            eq(assets.balanceOf(people[p]), held[p], "balance");
        }
    }

    function _moved(uint256 id, address to) private {
        owners[id] = to;
        approvals[id] = address(0);
        ++moves[id];
    }

    function _entered(bool ok, uint256 i, bool wrong, string memory what) private {
        _agree(ok, !wrong && owners[ids[i]] == address(0), what);
        if (ok) owners[ids[i]] = creators[ids[i]];
    }

    function _agree(bool ok, bool allowed, string memory what) private {
        if (ok != allowed) revert NotTrue(string.concat(what, ok ? ": done, but not allowed" : ": refused, but allowed"));
        ++done[string.concat(what, ok ? "" : " refused")];
    }

    function _call(address who, bytes memory data) private returns (bool ok) {
        vm.prank(who);
        (ok,) = address(assets).call(data);
    }

    function splitFor(uint256 i) private view returns (Share[] memory split) {
        if (i >= 3 * CONTENTS) return usualSplit();
        split = new Share[](1);
        split[0] = Share(vm.addr(keys[i % 3]), 10_000);
    }

    function keysFor(uint256 i, bool forged) private view returns (uint256[] memory by) {
        by = usualKeys();
        if (i < 3 * CONTENTS) {
            by = new uint256[](1);
            by[0] = keys[i % 3];
        }
        if (forged) by[by.length - 1] = 0xBAD;
    }

    function contentOf(uint256 i) private pure returns (bytes32) {
        return keccak256(abi.encode("content", i));
    }
}
