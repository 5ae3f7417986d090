// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC4906} from "@openzeppelin/contracts/interfaces/IERC4906.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IAssets, Share} from "../src/IAssets.sol";
import {Batch} from "./Batch.sol";
import {Fixture} from "./Fixture.sol";
import {Wallet} from "./hostile/Wallet.sol";

/// @notice The other ways to enter an asset: by its creator itself, and out of a signed root; and what comes after it.
contract AssetsBatchTest is Fixture {
    // By the creator itself.

    function test_ACreatorThatCallsNeedsNoSignature() public {
        uint256 id = tokenOf(CONTENT, single(patient));
        vm.expectEmit(true, true, true, true, address(assets));
        emit IERC721.Transfer(address(0), patient, id);
        vm.expectEmit(true, true, true, true, address(assets));
        emit IAssets.EnteredSingle(id, CONTENT);
        vm.prank(patient);
        eq(assets.enterAsCreator(CONTENT, 0), id, "token");
        eq(assets.ownerOf(id), patient, "owner");
        eq(assets.balanceOf(patient), 1, "balance");
    }

    function test_WhicheverWayItEntersItIsOneToken() public {
        bytes32[] memory none = new bytes32[](0);
        uint256 id = enterSingle(CONTENT, 0);
        bytes[] memory signatures = signaturesOf(CONTENT, 0, single(patient), keyOf(PATIENT_KEY));
        wants(IAssets.AlreadyEntered.selector, id);
        assets.enter(CONTENT, 0, single(patient), signatures);
        bytes32 root = Batch.leaf(id, 0);
        signatures = batchSignatures(root, keyOf(PATIENT_KEY));
        wants(IAssets.AlreadyEntered.selector, id);
        assets.materialise(CONTENT, 0, single(patient), signatures, none);
        (bytes32 r, bytes32 vs) = short(PATIENT_KEY, root);
        wants(IAssets.AlreadyEntered.selector, id);
        assets.materialiseSingle(patient, CONTENT, 0, r, vs, none);
        vm.prank(patient);
        wants(IAssets.AlreadyEntered.selector, id);
        assets.enterAsCreator(CONTENT, 0);
    }

    function test_AParentOfOnesOwnMustExistToo() public {
        vm.prank(patient);
        wants(IAssets.NoSuchToken.selector, uint256(9));
        assets.enterAsCreator(CONTENT, bytes32(uint256(9)));
        // Not even itself: it is not there yet.
        uint256 id = tokenOf(CONTENT, single(patient));
        vm.prank(patient);
        wants(IAssets.NoSuchToken.selector, id);
        assets.enterAsCreator(CONTENT, bytes32(id));
        uint256 parent = enterSingle(CONTENT, 0);
        uint256 child = tokenOf(keccak256("v2"), single(patient));
        vm.expectEmit(true, true, true, true, address(assets));
        emit IAssets.Entered(child, bytes32(parent), keccak256("v2"), new Share[](0));
        enterSingle(keccak256("v2"), bytes32(parent));
        eq(assets.balanceOf(patient), 2, "balance");
    }

    function testFuzz_ACreatorsTokenIsWhatTokenOfSays(address creator, bytes32 what) public {
        vm.assume(creator != address(0));
        vm.prank(creator);
        uint256 id = assets.enterAsCreator(what, 0);
        eq(id, tokenOf(what, single(creator)), "token, by the text");
        eq(id, assets.tokenOf(what, single(creator)), "token, by the contract");
        eq(assets.ownerOf(id), creator, "owner");
        eq(uint256(vm.load(address(assets), keccak256(abi.encode(id, 0)))), uint256(uint160(creator)), "owner's slot");
        eq(uint256(vm.load(address(assets), keccak256(abi.encode(creator, 1)))), 1, "balance's slot");
    }

    // Out of a root.

    function test_ARootIsWitnessedByAnyone() public {
        vm.expectEmit(true, true, true, true, address(assets));
        emit IAssets.Witnessed(keccak256("root"));
        vm.prank(relayer);
        assets.witness(keccak256("root"));
    }

    function test_ALeafOfASignedRootBecomesTheSameTokenAsASingleMint() public {
        (bytes32[] memory leaves, bytes32 root) = batchOf(5);
        bytes[] memory signatures = batchSignatures(root, usualKeys());
        for (uint256 i = 0; i < 5; ++i) {
            uint256 id = tokenOf(content(i), usualSplit());
            vm.expectEmit(true, true, true, true, address(assets));
            emit IERC721.Transfer(address(0), patient, id);
            vm.expectEmit(true, true, true, true, address(assets));
            emit IAssets.Entered(id, 0, content(i), usualSplit());
            vm.prank(relayer);
            eq(assets.materialise(content(i), 0, usualSplit(), signatures, Batch.proof(leaves, i)), id, "token");
            eq(assets.ownerOf(id), patient, "owner");
        }
        eq(assets.balanceOf(patient), 5, "balance");
    }

    function test_NoLeafTwice() public {
        (bytes32[] memory leaves, bytes32 root) = batchOf(3);
        bytes[] memory signatures = batchSignatures(root, usualKeys());
        bytes32[] memory proof = Batch.proof(leaves, 1);
        uint256 id = assets.materialise(content(1), 0, usualSplit(), signatures, proof);
        wants(IAssets.AlreadyEntered.selector, id);
        assets.materialise(content(1), 0, usualSplit(), signatures, proof);
        // Neither after it has moved.
        vm.prank(patient);
        assets.transferFrom(patient, other, id);
        wants(IAssets.AlreadyEntered.selector, id);
        assets.materialise(content(1), 0, usualSplit(), signatures, proof);
    }

    function test_WhatIsNotInTheRootWasNotSigned() public {
        (bytes32[] memory leaves, bytes32 root) = batchOf(4);
        bytes[] memory signatures = batchSignatures(root, usualKeys());
        bytes32[] memory proof = Batch.proof(leaves, 1);
        refuses(content(9), 0, usualSplit(), signatures, proof);
        refuses(content(2), 0, usualSplit(), signatures, proof);
        refuses(content(1), 0, splitOf(patient, 7000, doctor, 3000), signatures, proof);
        uint256 parent = enterUsual();
        refuses(content(1), bytes32(parent), usualSplit(), signatures, proof);
        proof[0] ^= bytes32(uint256(1));
        refuses(content(1), 0, usualSplit(), signatures, proof);
        refuses(content(1), 0, usualSplit(), signatures, new bytes32[](0));
        refuses(content(1), 0, usualSplit(), signatures, new bytes32[](3));
    }

    /// The second preimage: what is above a leaf is no leaf, however one names its two halves.
    function test_ANodeOfTheTreeIsNoLeaf() public {
        (bytes32[] memory leaves, bytes32 root) = batchOf(2);
        isTrue(root != Batch.leaf(uint256(leaves[0]), leaves[1]), "hashed once more");
        isTrue(root != Batch.leaf(uint256(leaves[1]), leaves[0]), "hashed once more");
        // Signed are the two leaves; a leaf hashed once is no leaf.
        uint256 id = tokenOf(CONTENT, usualSplit());
        bytes[] memory signatures = batchSignatures(keccak256(abi.encode(id, bytes32(0))), usualKeys());
        refuses(CONTENT, 0, usualSplit(), signatures, new bytes32[](0));
    }

    function test_EachPayeeSignsTheRootOnce() public {
        (bytes32[] memory leaves, bytes32 root) = batchOf(2);
        bytes32[] memory proof = Batch.proof(leaves, 0);
        bytes[] memory signatures = batchSignatures(root, keyOf(PATIENT_KEY));
        wants(IAssets.SignatureCount.selector);
        assets.materialise(content(0), 0, usualSplit(), signatures, proof);
        uint256[] memory keys = usualKeys();
        keys[1] = OTHER_KEY;
        signatures = batchSignatures(root, keys);
        wants(IAssets.BadSignature.selector, doctor);
        assets.materialise(content(0), 0, usualSplit(), signatures, proof);
        // A signature of one asset is not one of a root.
        signatures = signaturesOf(content(0), 0, usualSplit(), usualKeys());
        refuses(content(0), 0, usualSplit(), signatures, proof);
        Share[] memory half = splitOf(patient, 5000, doctor, 4000);
        wants(IAssets.BadSplit.selector);
        assets.materialise(content(0), 0, half, signatures, proof);
    }

    function test_ASignedRootIsWorthNothingOnAnotherChain() public {
        (bytes32[] memory leaves, bytes32 root) = batchOf(2);
        bytes[] memory signatures = batchSignatures(root, usualKeys());
        vm.chainId(592);
        refuses(content(0), 0, usualSplit(), signatures, Batch.proof(leaves, 0));
        signatures = batchSignatures(root, usualKeys());
        assets.materialise(content(0), 0, usualSplit(), signatures, Batch.proof(leaves, 0));
    }

    function test_AContractSignsARoot() public {
        Wallet wallet = new Wallet();
        wallet.be(Wallet.Mood.Honest);
        Share[] memory split = single(address(wallet));
        bytes[] memory signatures = new bytes[](1);
        uint256 id = assets.materialise(CONTENT, 0, split, signatures, new bytes32[](0));
        eq(assets.ownerOf(id), address(wallet), "owner");
        wallet.be(Wallet.Mood.Refuses);
        wants(IAssets.BadSignature.selector, address(wallet));
        assets.materialise(content(1), 0, split, signatures, new bytes32[](0));
    }

    function test_AVersionInARootNeedsItsParentFirst() public {
        bytes32[] memory leaves = new bytes32[](2);
        bytes32 parent = bytes32(tokenOf(content(0), usualSplit()));
        leaves[0] = Batch.leaf(uint256(parent), 0);
        leaves[1] = Batch.leaf(tokenOf(content(1), usualSplit()), parent);
        bytes[] memory signatures = batchSignatures(Batch.root(leaves), usualKeys());
        wants(IAssets.NoSuchToken.selector, uint256(parent));
        assets.materialise(content(1), parent, usualSplit(), signatures, Batch.proof(leaves, 1));
        assets.materialise(content(0), 0, usualSplit(), signatures, Batch.proof(leaves, 0));
        assets.materialise(content(1), parent, usualSplit(), signatures, Batch.proof(leaves, 1));
    }

    function test_ACreatorOfItsOwnIsMaterialisedForLess() public {
        bytes32[] memory leaves = new bytes32[](3);
        for (uint256 i = 0; i < 3; ++i) {
            leaves[i] = Batch.leaf(tokenOf(content(i), single(patient)), 0);
        }
        (bytes32 r, bytes32 vs) = short(PATIENT_KEY, Batch.root(leaves));
        for (uint256 i = 0; i < 3; ++i) {
            uint256 id = tokenOf(content(i), single(patient));
            vm.expectEmit(true, true, true, true, address(assets));
            emit IERC721.Transfer(address(0), patient, id);
            vm.expectEmit(true, true, true, true, address(assets));
            emit IAssets.EnteredSingle(id, content(i));
            vm.prank(relayer);
            eq(assets.materialiseSingle(patient, content(i), 0, r, vs, Batch.proof(leaves, i)), id, "token");
            eq(assets.ownerOf(id), patient, "owner");
        }
        bytes32[] memory proof = Batch.proof(leaves, 0);
        wants(IAssets.BadSignature.selector, other);
        assets.materialiseSingle(other, content(0), 0, r, vs, proof);
        wants(IAssets.BadSignature.selector, patient);
        assets.materialiseSingle(patient, content(5), 0, r, vs, proof);
        wants(IAssets.BadSignature.selector, patient);
        assets.materialiseSingle(patient, content(0), bytes32(uint256(1)), r, vs, proof);
        wants(IAssets.BadSignature.selector, patient);
        assets.materialiseSingle(patient, content(0), 0, 0, 0, proof);
    }

    function test_TheZeroAddressCreatesNothing() public {
        wants(IAssets.BadSignature.selector, address(0));
        assets.materialiseSingle(address(0), CONTENT, 0, 0, 0, new bytes32[](0));
        wants(IAssets.BadSignature.selector, address(0));
        assets.materialiseSingle(address(0), CONTENT, 0, bytes32(uint256(1)), bytes32(type(uint256).max), new bytes32[](0));
    }

    /// Any leaf of any tree is proven as OpenZeppelin proves it, and no other leaf by the same proof.
    function testFuzz_ALeafIsProvenAndNothingElse(uint8 size, uint8 at, bytes32 seed, uint8 flip) public {
        uint256 n = uint256(size) % 40 + 1;
        uint256 i = uint256(at) % n;
        bytes32[] memory leaves = new bytes32[](n);
        for (uint256 j = 0; j < n; ++j) {
            leaves[j] = Batch.leaf(tokenOf(keccak256(abi.encode(seed, j)), usualSplit()), 0);
        }
        bytes32 root = Batch.root(leaves);
        bytes32[] memory proof = Batch.proof(leaves, i);
        isTrue(MerkleProof.verify(proof, root, leaves[i]), "OpenZeppelin agrees");
        bytes[] memory signatures = batchSignatures(root, usualKeys());
        bytes32 mine = keccak256(abi.encode(seed, i));
        if (proof.length != 0) {
            proof[flip % proof.length] ^= bytes32(uint256(1) << flip);
            refuses(mine, 0, usualSplit(), signatures, proof);
            proof[flip % proof.length] ^= bytes32(uint256(1) << flip);
        }
        refuses(keccak256(abi.encode(seed, n)), 0, usualSplit(), signatures, proof);
        assets.materialise(mine, 0, usualSplit(), signatures, proof);
        eq(assets.ownerOf(tokenOf(mine, usualSplit())), patient, "owner");
    }

    /// A single creator's leaf too, a version or not, by its key alone.
    function testFuzz_ASingleLeafIsProvenAndNothingElse(uint8 size, uint8 at, bytes32 seed, uint8 flip, bool version) public {
        bytes32[] memory leaves = new bytes32[](uint256(size) % 40 + 1);
        uint256 i = uint256(at) % leaves.length;
        bytes32 parent = version ? bytes32(enterSingle(CONTENT, 0)) : bytes32(0);
        for (uint256 j = 0; j < leaves.length; ++j) {
            leaves[j] = Batch.leaf(tokenOf(keccak256(abi.encode(seed, j)), single(patient)), parent);
        }
        bytes32[] memory proof = Batch.proof(leaves, i);
        bytes32 mine = keccak256(abi.encode(seed, i));
        (bytes32 r, bytes32 vs) = short(OTHER_KEY, Batch.root(leaves));
        wants(IAssets.BadSignature.selector, patient);
        assets.materialiseSingle(patient, mine, parent, r, vs, proof);
        (r, vs) = short(PATIENT_KEY, Batch.root(leaves));
        wants(IAssets.BadSignature.selector, patient);
        assets.materialiseSingle(patient, mine, parent, r, vs ^ bytes32(uint256(1) << 255), proof);
        if (proof.length != 0) {
            proof[flip % proof.length] ^= bytes32(uint256(1) << flip);
            wants(IAssets.BadSignature.selector, patient);
            assets.materialiseSingle(patient, mine, parent, r, vs, proof);
            proof[flip % proof.length] ^= bytes32(uint256(1) << flip);
        }
        uint256 id = tokenOf(mine, single(patient));
        vm.expectEmit(true, true, true, true, address(assets));
        emit IERC721.Transfer(address(0), patient, id);
        vm.expectEmit(true, true, true, true, address(assets));
        if (version) emit IAssets.Entered(id, parent, mine, new Share[](0));
        else emit IAssets.EnteredSingle(id, mine);
        eq(assets.materialiseSingle(patient, mine, parent, r, vs, proof), id, "token");
        eq(assets.balanceOf(patient), version ? 2 : 1, "balance");
    }

    function test_AMaterialisedVersionWantsItsParent() public {
        bytes32 parent = bytes32(uint256(9));
        (bytes32 r, bytes32 vs) = short(PATIENT_KEY, Batch.leaf(tokenOf(CONTENT, single(patient)), parent));
        wants(IAssets.NoSuchToken.selector, uint256(9));
        assets.materialiseSingle(patient, CONTENT, parent, r, vs, new bytes32[](0));
    }

    /// The same for the short way: only who signed the root creates, and only what is in it.
    function testFuzz_OnlyWhoSignedTheRootCreatesByTheShortWay(uint8 size, uint8 at, bytes32 seed, uint8 flip, address creator)
        public
    {
        vm.assume(creator != patient && creator != address(0));
        uint256 n = uint256(size) % 40 + 1;
        uint256 i = uint256(at) % n;
        bytes32[] memory leaves = new bytes32[](n);
        for (uint256 j = 0; j < n; ++j) {
            leaves[j] = Batch.leaf(tokenOf(keccak256(abi.encode(seed, j)), single(patient)), 0);
        }
        bytes32[] memory proof = Batch.proof(leaves, i);
        (bytes32 r, bytes32 vs) = short(PATIENT_KEY, Batch.root(leaves));
        bytes32 mine = keccak256(abi.encode(seed, i));
        refusesSingle(mine, creator, r, vs, proof);
        refusesSingle(keccak256(abi.encode(seed, n)), patient, r, vs, proof);
        refusesSingle(mine, patient, r ^ bytes32(uint256(1) << flip), vs, proof);
        refusesSingle(mine, patient, r, vs ^ bytes32(uint256(1) << flip), proof);
        if (proof.length != 0) {
            proof[flip % proof.length] ^= bytes32(uint256(1) << flip);
            refusesSingle(mine, patient, r, vs, proof);
            proof[flip % proof.length] ^= bytes32(uint256(1) << flip);
        }
        vm.prank(creator);
        eq(assets.materialiseSingle(patient, mine, 0, r, vs, proof), tokenOf(mine, single(patient)), "token");
        eq(assets.ownerOf(tokenOf(mine, single(patient))), patient, "owner");
        eq(assets.balanceOf(patient), 1, "balance");
        eq(assets.balanceOf(creator), 0, "nothing for who carried it");
    }

    /// A root is said to all by anyone, as it is, and that is nobody's signature.
    function testFuzz_AWitnessedRootIsNotASignedOne(bytes32 which, address by) public {
        bytes32 root = Batch.leaf(tokenOf(which, single(patient)), 0);
        vm.expectEmit(true, true, true, true, address(assets));
        emit IAssets.Witnessed(root);
        vm.prank(by);
        assets.witness(root);
        refuses(which, 0, single(patient), batchSignatures(root, keyOf(OTHER_KEY)), new bytes32[](0));
        isTrue(!assets.entered(tokenOf(which, single(patient))), "not entered");
        assets.materialise(which, 0, single(patient), batchSignatures(root, keyOf(PATIENT_KEY)), new bytes32[](0));
        isTrue(assets.entered(tokenOf(which, single(patient))), "entered by the payee's signature");
    }

    // What comes after.

    function test_TheOwnerNamesWhatComesAfter() public {
        uint256 parent = enterSingle(CONTENT, 0);
        uint256 child = enterSingle(keccak256("v2"), bytes32(parent));
        string memory before = assets.tokenURI(parent);
        vm.expectEmit(true, true, true, true, address(assets));
        emit IAssets.Succeeded(parent, child);
        vm.expectEmit(true, true, true, true, address(assets));
        emit IERC4906.MetadataUpdate(parent);
        vm.prank(patient);
        assets.succeed(parent, child, 0, "");
        eq(assets.successorOf(parent), child, "successor");
        eq(assets.successorOf(child), 0, "nothing after the last");
        isTrue(keccak256(bytes(assets.tokenURI(parent))) != keccak256(bytes(before)), "the metadata says so");
        eq(uint256(vm.load(address(assets), keccak256(abi.encode(parent, 4)))), child, "slot");
        vm.prank(patient);
        wants(IAssets.AlreadySucceeded.selector, parent);
        assets.succeed(parent, child, 0, "");
    }

    function test_AnyoneCarriesTheOwnersWord() public {
        uint256 parent = enterSingle(CONTENT, 0);
        uint256 child = enterSingle(keccak256("v2"), bytes32(parent));
        bytes memory signed = signature(PATIENT_KEY, successionDigest(parent, child, START));
        vm.warp(START + 1);
        wants(IAssets.Over.selector, START);
        assets.succeed(parent, child, uint64(START), signed);
        vm.warp(START);
        wants(IAssets.BadSignature.selector, patient);
        assets.succeed(parent, child, uint64(START + 1), signed);
        vm.prank(relayer);
        assets.succeed(parent, child, uint64(START), signed);
        eq(assets.successorOf(parent), child, "successor");
    }

    function test_NobodyElseNamesWhatComesAfter() public {
        uint256 parent = enterSingle(CONTENT, 0);
        uint256 child = enterSingle(keccak256("v2"), bytes32(parent));
        bytes memory signed = signature(DOCTOR_KEY, successionDigest(parent, child, START));
        vm.prank(doctor);
        wants(IAssets.BadSignature.selector, patient);
        assets.succeed(parent, child, uint64(START), signed);
        // Nor who owned it before.
        signed = signature(PATIENT_KEY, successionDigest(parent, child, START));
        vm.prank(patient);
        assets.transferFrom(patient, other, parent);
        wants(IAssets.BadSignature.selector, other);
        assets.succeed(parent, child, uint64(START), signed);
        vm.prank(patient);
        wants(IAssets.BadSignature.selector, other);
        assets.succeed(parent, child, uint64(START), "");
        vm.prank(other);
        assets.succeed(parent, child, 0, "");
    }

    function test_WhatComesAfterExists() public {
        uint256 parent = enterSingle(CONTENT, 0);
        vm.prank(patient);
        wants(IAssets.NoSuchToken.selector, uint256(9));
        assets.succeed(parent, 9, 0, "");
        vm.prank(patient);
        wants(IAssets.NoSuchToken.selector, parent);
        assets.succeed(parent, parent, 0, "");
        wants(IAssets.NoSuchToken.selector, uint256(9));
        assets.succeed(9, parent, 0, "");
    }

    function test_ItSaysThatMetadataMayChange() public view {
        isTrue(assets.supportsInterface(0x49064906), "ERC-4906");
    }

    function test_TheURINamesTheSuccessor() public {
        uint256 parent = enterSingle(CONTENT, 0);
        uint256 child = enterSingle(keccak256("v2"), bytes32(parent));
        uint256 before = bytes(assets.tokenURI(parent)).length;
        vm.prank(patient);
        assets.succeed(parent, child, 0, "");
        // `","successor":"0x` and 64 digits more: 81 bytes are 108 in base64.
        eq(bytes(assets.tokenURI(parent)).length, before + 108, "length");
    }

    /// What comes after is named by who owns the token now, itself or by what it signed until then, and for ever.
    function testFuzz_OnlyTheOwnersWordNamesWhatComesAfter(uint8 fault, address by, uint24 until, uint24 now_, bool moved)
        public
    {
        fault %= 4;
        now_ = uint24(around(until, now_, 1 << 24) % (1 << 24));
        uint256 parent = enterSingle(CONTENT, 0);
        uint256[2] memory children = [enterSingle(keccak256("v2"), 0), enterSingle(keccak256("another v2"), 0)];
        if (moved) {
            vm.prank(patient);
            assets.transferFrom(patient, doctor, parent);
        }
        uint256 key = moved == (fault != 1) ? DOCTOR_KEY : PATIENT_KEY;
        bytes memory signed = signature(key, successionDigest(parent, children[fault == 2 ? 1 : 0], START + until));
        uint256 sent = START + until + (fault == 3 ? 1 : 0);
        bool good = by == assets.ownerOf(parent) || (fault == 0 && now_ <= until);
        vm.warp(START + now_);
        vm.prank(by);
        (bool ok,) = address(assets).call(abi.encodeCall(IAssets.succeed, (parent, children[0], uint64(sent), signed)));
        isTrue(ok == good, "named by the owner's word");
        eq(assets.successorOf(parent), good ? children[0] : 0, "successor");
        if (!good) return;
        address owner = assets.ownerOf(parent);
        vm.prank(owner);
        wants(IAssets.AlreadySucceeded.selector, parent);
        assets.succeed(parent, children[1], 0, "");
    }

    function refuses(bytes32 which, bytes32 parent, Share[] memory split, bytes[] memory signatures, bytes32[] memory proof)
        private
    {
        wants(IAssets.BadSignature.selector, patient);
        assets.materialise(which, parent, split, signatures, proof);
    }

    function refusesSingle(bytes32 which, address creator, bytes32 r, bytes32 vs, bytes32[] memory proof) private {
        wants(IAssets.BadSignature.selector, creator);
        assets.materialiseSingle(creator, which, 0, r, vs, proof);
    }

    function enterSingle(bytes32 which, bytes32 parent) private returns (uint256) {
        vm.prank(patient);
        return assets.enterAsCreator(which, parent);
    }

    function batchOf(uint256 n) private view returns (bytes32[] memory leaves, bytes32 root) {
        leaves = new bytes32[](n);
        for (uint256 i = 0; i < n; ++i) {
            leaves[i] = Batch.leaf(tokenOf(content(i), usualSplit()), 0);
        }
        root = Batch.root(leaves);
    }

    function batchSignatures(bytes32 root, uint256[] memory keys) private view returns (bytes[] memory signatures) {
        signatures = new bytes[](keys.length);
        for (uint256 i = 0; i < keys.length; ++i) {
            signatures[i] = signature(keys[i], batchDigest(root));
        }
    }

    /// @dev EIP-2098.
    function short(uint256 key, bytes32 root) private view returns (bytes32 r, bytes32 vs) {
        (uint8 v, bytes32 r_, bytes32 s) = vm.sign(key, batchDigest(root));
        return (r_, bytes32(uint256(s) | uint256(v - 27) << 255));
    }

    function successionDigest(uint256 parent, uint256 child, uint256 until) private view returns (bytes32) {
        bytes32 typeHash = keccak256("Succession(uint256 parent,uint256 child,uint64 until)");
        return digest(address(assets), keccak256(abi.encode(typeHash, parent, child, until)));
    }

    function content(uint256 i) private pure returns (bytes32) {
        return keccak256(abi.encode("content", i));
    }

    function single(address payee) private pure returns (Share[] memory split) {
        split = new Share[](1);
        split[0] = Share(payee, 10_000);
    }

    function keyOf(uint256 key) private pure returns (uint256[] memory keys) {
        keys = new uint256[](1);
        keys[0] = key;
    }
}
