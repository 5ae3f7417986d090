// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Share} from "../../src/IAssets.sol";
import {Batch} from "../Batch.sol";
import {PushSplit} from "../peers/PushSplit.sol";
import {RunAsset} from "../peers/RunAsset.sol";
import {StoredAsset} from "../peers/StoredAsset.sol";
import {Rows} from "./Rows.sol";

/// @notice What it costs to enter assets alone, in a batch, and one after another.
abstract contract AssetsGas is Rows {
    uint256 private constant LEAVES = 1024;
    uint256 private constant CREATOR_KEY = 0xBA7C4;

    function assetsAlone() internal {
        address creator = vm.addr(CREATOR_KEY);
        vm.prank(creator);
        assets.enterAsCreator(keccak256("alone 1"), 0);
        note("asset: enterAsCreator, creator's first");
        vm.prank(creator);
        uint256 parent = assets.enterAsCreator(keccak256("alone 2"), 0);
        note("asset: enterAsCreator, creator's next");
        vm.prank(creator);
        uint256 child = assets.enterAsCreator(keccak256("alone 3"), bytes32(parent));
        note("asset: enterAsCreator, creator's next, a version");
        vm.prank(creator);
        assets.succeed(parent, child, 0, "");
        note("asset: succeed");
        bytes32 typeHash = keccak256("Permit(address spender,uint256 tokenId,uint256 nonce,uint256 deadline)");
        bytes32 permitted = keccak256(abi.encode(typeHash, relayer, child, 0, block.timestamp));
        bytes memory signed = signature(CREATOR_KEY, digest(address(assets), permitted));
        assets.permit(relayer, child, block.timestamp, signed);
        note("asset: permit");
    }

    function batches() internal {
        Share[] memory alone = new Share[](1);
        alone[0] = Share(vm.addr(CREATOR_KEY + 1), 10_000);
        Share[] memory two = splitOf(alone[0].payee, 7001, doctor, 2999);
        bytes32[] memory leaves = new bytes32[](LEAVES);
        for (uint256 i = 0; i < LEAVES; ++i) {
            leaves[i] = Batch.leaf(tokenOf(keccak256(abi.encode(i)), i % 2 == 0 ? alone : two), 0);
        }
        bytes32 root = Batch.root(leaves);
        vm.prank(alone[0].payee);
        assets.witness(root);
        note("asset: witness a root, whatever it is over");
        materialiseSingle("asset: materialiseSingle of 1,024, creator's first", leaves, 0, alone[0].payee);
        materialiseSingle("asset: materialiseSingle of 1,024, creator's next", leaves, 2, alone[0].payee);
        materialise("asset: materialise of 1,024, 1 payee, creator's next", leaves, 4, alone);
        materialise("asset: materialise of 1,024, 2 payees, creator's next", leaves, 5, two);
    }

    function materialiseSingle(string memory what, bytes32[] memory leaves, uint256 i, address creator) private {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(CREATOR_KEY + 1, batchDigest(Batch.root(leaves)));
        bytes32 vs = bytes32(uint256(s) | uint256(v - 27) << 255);
        bytes32[] memory proof = Batch.proof(leaves, i);
        vm.prank(relayer);
        assets.materialiseSingle(creator, keccak256(abi.encode(i)), 0, r, vs, proof);
        note(what);
    }

    function materialise(string memory what, bytes32[] memory leaves, uint256 i, Share[] memory split) private {
        bytes[] memory signatures = new bytes[](split.length);
        signatures[0] = signature(CREATOR_KEY + 1, batchDigest(Batch.root(leaves)));
        if (split.length == 2) signatures[1] = signature(DOCTOR_KEY, batchDigest(Batch.root(leaves)));
        bytes32[] memory proof = Batch.proof(leaves, i);
        vm.prank(relayer);
        assets.materialise(keccak256(abi.encode(i)), 0, split, signatures, proof);
        note(what);
    }

    /// @dev What others need for the same, measured the same. They are compiled as the tests are.
    function peers() internal {
        StoredAsset stored = new StoredAsset();
        string memory uri = "ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";
        stored.mint(uint256(keccak256("1")), uri, doctor, 1000);
        note("peer: OpenZeppelin ERC721URIStorage + ERC2981 mint, creator's first");
        stored.mint(uint256(keccak256("2")), uri, doctor, 1000);
        note("peer: OpenZeppelin ERC721URIStorage + ERC2981 mint, creator's next");
        RunAsset run = new RunAsset();
        run.mint(1);
        run.mint(1);
        note("peer: ERC-721A, mint of 1, creator's next");
        run.mint(1024);
        note("peer: ERC-721A, mint of 1,024, creator's next");
        address[] memory payees = new address[](2);
        (payees[0], payees[1]) = (address(0xA11), address(0xD0C));
        uint256[] memory bps = new uint256[](2);
        (bps[0], bps[1]) = (7001, 2999);
        PushSplit push = new PushSplit(payees, bps);
        vm.deal(address(push), 1 ether);
        push.distribute(payees, bps);
        note("peer: like 0xSplits, push to 2 payees, their first");
        vm.deal(address(push), 1 ether);
        push.distribute(payees, bps);
        note("peer: like 0xSplits, push to 2 payees, their next");
    }
}
