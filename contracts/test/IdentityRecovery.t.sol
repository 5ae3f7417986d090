// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IIdentity} from "../src/IIdentity.sol";
import {Fixture} from "./Fixture.sol";
import {Wallet} from "./hostile/Wallet.sol";

/// @notice Guardians, and how a token gets to its person's new address by them.
contract IdentityRecoveryTest is Fixture {
    uint32 private constant DELAY = 4 days;
    bytes32 private constant SALT = keccak256("guardians' salt");
    uint256 private constant NEW_KEY = 0x2EE;

    address private immutable fresh = vm.addr(NEW_KEY);
    uint256 private id;
    uint256[] private keys; // of three guardians, in ascending order of their addresses

    function setUp() public override {
        super.setUp();
        id = enter(PATIENT_KEY);
        keys = sorted(3);
        vm.prank(patient);
        identity.nameGuardians(id, listHash(2), DELAY, 0, "");
    }

    // Naming.

    function test_TheOwnerNamesGuardiansAndNobodySeesWho() public {
        vm.expectEmit(true, true, true, true, address(identity));
        emit IIdentity.GuardiansNamed(id, keccak256("others"), 3 days, 2);
        vm.prank(patient);
        identity.nameGuardians(id, keccak256("others"), 3 days, 0, "");
        (bytes32 hash, uint32 delay, uint32 epoch) = identity.guardiansOf(id);
        eq(hash, keccak256("others"), "guardians");
        eq(delay, 3 days, "delay");
        eq(epoch, 2, "epoch");
        eq(identity.ownerOf(id), patient, "owner");
    }

    function test_AnyoneCarriesTheNaming() public {
        bytes memory signed = signature(PATIENT_KEY, guardiansDigest(keccak256("others"), 90 days, 1, START));
        vm.warp(START + 1);
        wants(IIdentity.Over.selector, START);
        identity.nameGuardians(id, keccak256("others"), 90 days, uint64(START), signed);
        vm.warp(START);
        vm.prank(relayer);
        identity.nameGuardians(id, keccak256("others"), 90 days, uint64(START), signed);
        // The epoch has risen: not twice.
        wants(IIdentity.BadSignature.selector, patient);
        identity.nameGuardians(id, keccak256("others"), 90 days, uint64(START), signed);
    }

    function test_NobodyElseNamesGuardians() public {
        wants(IIdentity.BadSignature.selector, patient);
        identity.nameGuardians(id, keccak256("mine"), DELAY, uint64(START), "");
        bytes memory signed = signature(DOCTOR_KEY, guardiansDigest(keccak256("mine"), DELAY, 1, START));
        vm.prank(doctor);
        wants(IIdentity.BadSignature.selector, patient);
        identity.nameGuardians(id, keccak256("mine"), DELAY, uint64(START), signed);
        wants(IIdentity.NoSuchToken.selector, uint256(7));
        identity.nameGuardians(7, keccak256("mine"), DELAY, uint64(START), "");
    }

    function test_TheDelayIsThreeToNinetyDays() public {
        eq(identity.MIN_DELAY(), 3 days, "shortest");
        eq(identity.MAX_DELAY(), 90 days, "longest");
        uint32[3] memory bad = [uint32(0), 3 days - 1, 90 days + 1];
        for (uint256 i = 0; i < bad.length; ++i) {
            vm.prank(patient);
            wants(IIdentity.BadDelay.selector);
            identity.nameGuardians(id, 0, bad[i], 0, "");
        }
        vm.prank(patient);
        identity.nameGuardians(id, 0, 90 days, 0, "");
    }

    function test_AListOfGuardiansIsOneThatCanRecover() public {
        eq(identity.MAX_GUARDIANS(), 64, "most");
        address[] memory list = guardians();
        eq(identity.hashGuardians(3, list, SALT), keccak256(abi.encode(uint256(3), list, SALT)), "hash");
        wants(IIdentity.BadGuardians.selector);
        identity.hashGuardians(0, list, SALT);
        wants(IIdentity.BadGuardians.selector);
        identity.hashGuardians(4, list, SALT);
        wants(IIdentity.BadGuardians.selector);
        identity.hashGuardians(1, new address[](0), SALT);
        (list[0], list[1]) = (list[1], list[0]);
        wants(IIdentity.BadGuardians.selector);
        identity.hashGuardians(2, list, SALT);
        list[0] = list[1];
        wants(IIdentity.BadGuardians.selector);
        identity.hashGuardians(2, list, SALT);
        list[0] = address(0);
        wants(IIdentity.BadGuardians.selector);
        identity.hashGuardians(2, list, SALT);
        isTrue(identity.hashGuardians(64, long(64), SALT) != 0, "64 are not too many");
        wants(IIdentity.BadGuardians.selector);
        identity.hashGuardians(2, long(65), SALT);
    }

    // Recovery.

    function test_EnoughGuardiansRecoverAfterTheDelay() public {
        vm.expectEmit(true, true, true, true, address(identity));
        emit IIdentity.RecoveryBegun(id, fresh, uint64(START + DELAY), 2);
        begin(fresh, NEW_KEY, 1, 5);
        (address to, uint64 readyAt) = identity.recoveryOf(id);
        eq(to, fresh, "to");
        eq(readyAt, START + DELAY, "ready");
        eq(identity.ownerOf(id), patient, "owner until then");
        vm.warp(START + DELAY);
        wants(IIdentity.TooEarly.selector, START + DELAY);
        identity.finish(id);
        vm.warp(START + DELAY + 1);
        vm.expectEmit(true, true, true, true, address(identity));
        emit IERC721.Transfer(patient, fresh, id);
        vm.expectEmit(true, true, true, true, address(identity));
        emit IIdentity.Recovered(id, patient, fresh, 3);
        vm.prank(relayer);
        identity.finish(id);
        eq(identity.ownerOf(id), fresh, "owner");
        eq(identity.balanceOf(fresh), 1, "balance of the new address");
        eq(identity.balanceOf(patient), 0, "balance of the old one");
        eq(identity.identityOf(fresh), id, "identity of the new address");
        eq(identity.identityOf(patient), 0, "identity of the old one");
        isTrue(identity.locked(id), "locked as before");
        (to, readyAt) = identity.recoveryOf(id);
        eq(to, address(0), "nothing on its way");
        wants(IIdentity.NoRecovery.selector, id);
        identity.finish(id);
    }

    function test_OnePersonOneEntryAlsoAfterRecovery() public {
        recoverTo(fresh, NEW_KEY, 1);
        // The old address has had its token, the new one has it.
        bytes memory signed = signature(PATIENT_KEY, entry(patient));
        wants(IIdentity.AlreadyEntered.selector, patient);
        identity.enter(patient, signed);
        signed = signature(NEW_KEY, entry(fresh));
        wants(IIdentity.AlreadyEntered.selector, fresh);
        identity.enter(fresh, signed);
        uint256 never = identity.tokenOf(fresh);
        isTrue(never != id, "which is another than it would have got");
        wants(IIdentity.NoSuchToken.selector, never);
        identity.ownerOf(never);
    }

    function test_WhereATokenIsOrWasNoneIsRecoveredTo() public {
        enter(DOCTOR_KEY);
        cannotBegin(doctor, DOCTOR_KEY, 1, IIdentity.AlreadyEntered.selector, doctor);
        cannotBegin(patient, PATIENT_KEY, 1, IIdentity.AlreadyEntered.selector, patient);
        recoverTo(fresh, NEW_KEY, 1);
        cannotBegin(patient, PATIENT_KEY, 3, IIdentity.AlreadyEntered.selector, patient);
        cannotBegin(fresh, NEW_KEY, 3, IIdentity.AlreadyEntered.selector, fresh);
        // Once more, to a third address; the second is used up too.
        recoverTo(other, OTHER_KEY, 3);
        eq(identity.ownerOf(id), other, "owner");
        eq(identity.balanceOf(fresh), 0, "balance of the second");
        cannotBegin(fresh, NEW_KEY, 5, IIdentity.AlreadyEntered.selector, fresh);
        bytes memory signed = signature(NEW_KEY, entry(fresh));
        wants(IIdentity.AlreadyEntered.selector, fresh);
        identity.enter(fresh, signed);
    }

    function test_AnAddressThatEnteredMeanwhileIsNotRecoveredTo() public {
        begin(fresh, NEW_KEY, 1, 3);
        enter(NEW_KEY);
        vm.warp(START + DELAY + 1);
        wants(IIdentity.AlreadyEntered.selector, fresh);
        identity.finish(id);
        // That must not bar another recovery.
        begin(other, OTHER_KEY, 2, 3);
        vm.warp(START + 2 * DELAY + 2);
        identity.finish(id);
        eq(identity.ownerOf(id), other, "owner");
    }

    function test_NobodyIsGivenAnIdentityItDoesNotWant() public {
        cannotBegin(fresh, OTHER_KEY, 1, IIdentity.BadSignature.selector, fresh);
        cannotBegin(address(0), OTHER_KEY, 1, IIdentity.BadSignature.selector, address(0));
    }

    function test_TooFewGuardiansRecoverNothing() public {
        bytes32 toSign = recoveryDigest(fresh, 1, START);
        bytes[] memory signatures = signaturesBy(4, toSign);
        bytes memory accepted = signature(NEW_KEY, toSign);
        vm.expectRevert(abi.encodeWithSelector(IIdentity.TooFewGuardians.selector, 1, 2));
        identity.recover(id, fresh, uint64(START), accepted, 2, guardians(), SALT, signatures);
        // Not by asking for fewer, nor by other guardians, nor by another salt.
        wants(IIdentity.BadGuardians.selector);
        identity.recover(id, fresh, uint64(START), accepted, 1, guardians(), SALT, signatures);
        wants(IIdentity.BadGuardians.selector);
        identity.recover(id, fresh, uint64(START), accepted, 2, long(3), SALT, signatures);
        wants(IIdentity.BadGuardians.selector);
        identity.recover(id, fresh, uint64(START), accepted, 2, guardians(), 0, signatures);
        wants(IIdentity.BadGuardians.selector);
        identity.recover(id, fresh, uint64(START), accepted, 2, guardians(), SALT, new bytes[](2));
        wants(IIdentity.BadGuardians.selector);
        identity.recover(id, fresh, uint64(START), accepted, 2, guardians(), SALT, new bytes[](4));
        // One guardian twice is one who signed in another's name.
        signatures[1] = signatures[2];
        wants(IIdentity.BadSignature.selector, guardians()[1]);
        identity.recover(id, fresh, uint64(START), accepted, 2, guardians(), SALT, signatures);
    }

    function test_ATokenWithoutGuardiansIsNotRecovered() public {
        uint256 unguarded = enter(DOCTOR_KEY);
        address[] memory list = guardians();
        wants(IIdentity.BadGuardians.selector);
        identity.recover(unguarded, fresh, uint64(START), "", 2, list, SALT, new bytes[](3));
        wants(IIdentity.BadGuardians.selector);
        identity.recover(7, fresh, uint64(START), "", 2, list, SALT, new bytes[](3));
        vm.prank(patient);
        identity.nameGuardians(id, 0, DELAY, 0, "");
        cannotBegin(2);
    }

    function test_GuardiansSignaturesEnd() public {
        bytes32 toSign = recoveryDigest(fresh, 1, START);
        bytes[] memory signatures = signaturesBy(3, toSign);
        bytes memory accepted = signature(NEW_KEY, toSign);
        vm.warp(START + 1);
        wants(IIdentity.Over.selector, START);
        identity.recover(id, fresh, uint64(START), accepted, 2, guardians(), SALT, signatures);
        vm.warp(START);
        identity.recover(id, fresh, uint64(START), accepted, 2, guardians(), SALT, signatures);
        // The same again would begin the delay anew, for ever.
        wants(IIdentity.BadSignature.selector, fresh);
        identity.recover(id, fresh, uint64(START), accepted, 2, guardians(), SALT, signatures);
    }

    function test_WhatOldGuardiansSignedIsWorthNothing() public {
        vm.prank(patient);
        identity.nameGuardians(id, listHash(2), DELAY, 0, ""); // the same ones, but a new epoch
        cannotBegin(fresh, NEW_KEY, 1, IIdentity.BadSignature.selector, fresh);
        begin(fresh, NEW_KEY, 2, 3);
    }

    function test_AContractMayBeAGuardianAndANewOwner() public {
        Wallet wallet = new Wallet();
        wallet.be(Wallet.Mood.Honest);
        address[] memory list = new address[](1);
        list[0] = address(wallet);
        bytes32 hash = identity.hashGuardians(1, list, SALT);
        vm.prank(patient);
        identity.nameGuardians(id, hash, DELAY, 0, "");
        bytes[] memory signatures = new bytes[](1);
        signatures[0] = "any";
        identity.recover(id, address(wallet), uint64(START), "", 1, list, SALT, signatures);
        vm.warp(START + DELAY + 1);
        identity.finish(id);
        eq(identity.ownerOf(id), address(wallet), "owner");
    }

    // Stopping.

    function test_TheOwnerStopsARecovery() public {
        vm.prank(patient);
        wants(IIdentity.NoRecovery.selector, id);
        identity.stop(id, 0, "");
        begin(fresh, NEW_KEY, 1, 3);
        wants(IIdentity.BadSignature.selector, patient);
        identity.stop(id, uint64(START), "");
        vm.expectEmit(true, true, true, true, address(identity));
        emit IIdentity.RecoveryStopped(id, 3);
        vm.prank(patient);
        identity.stop(id, 0, "");
        vm.warp(START + DELAY + 1);
        wants(IIdentity.NoRecovery.selector, id);
        identity.finish(id);
        vm.warp(START);
        cannotBegin(fresh, NEW_KEY, 1, IIdentity.BadSignature.selector, fresh);
        wants(IIdentity.NoSuchToken.selector, uint256(7));
        identity.stop(7, 0, "");
    }

    function test_AnyoneCarriesTheStop() public {
        begin(fresh, NEW_KEY, 1, 3);
        bytes memory signed = signature(PATIENT_KEY, stopDigest(2, START));
        vm.warp(START + 1);
        wants(IIdentity.Over.selector, START);
        identity.stop(id, uint64(START), signed);
        vm.warp(START);
        vm.prank(relayer);
        identity.stop(id, uint64(START), signed);
        begin(fresh, NEW_KEY, 3, 3);
        wants(IIdentity.BadSignature.selector, patient);
        identity.stop(id, uint64(START), signed);
    }

    function test_ItCanBeStoppedUntilItIsFinished() public {
        begin(fresh, NEW_KEY, 1, 3);
        vm.warp(START + 10 * DELAY);
        vm.prank(patient);
        identity.stop(id, 0, "");
        eq(identity.ownerOf(id), patient, "owner");
    }

    function test_NewGuardiansStopARecovery() public {
        begin(fresh, NEW_KEY, 1, 3);
        vm.prank(patient);
        identity.nameGuardians(id, 0, DELAY, 0, "");
        (address to,) = identity.recoveryOf(id);
        eq(to, address(0), "nothing on its way");
        vm.warp(START + DELAY + 1);
        wants(IIdentity.NoRecovery.selector, id);
        identity.finish(id);
    }

    function test_OnlyTheNewOwnerIsOwnerThen() public {
        recoverTo(fresh, NEW_KEY, 1);
        vm.prank(patient);
        wants(IIdentity.Over.selector, uint256(0));
        identity.nameGuardians(id, 0, DELAY, 0, "");
        vm.prank(fresh);
        identity.nameGuardians(id, 0, DELAY, 0, "");
        wants(IIdentity.NoSuchToken.selector, uint256(7));
        identity.guardiansOf(7);
    }

    function test_AnAddressWithoutATokenHasNone() public view {
        eq(identity.identityOf(patient), id, "identity");
        eq(identity.identityOf(other), 0, "none");
        eq(identity.identityOf(address(0)), 0, "none");
        eq(identity.balanceOf(other), 0, "balance");
        // One slot when it enters: owner, epoch, delay, taken.
        uint256 slot = uint256(vm.load(address(identity), keccak256(abi.encode(id, 0))));
        eq(slot, uint256(uint160(patient)) | uint256(1) << 160 | uint256(DELAY) << 192, "slot");
    }

    /// However many of however many sign: it begins if they are enough, and only then.
    function testFuzz_ItTakesTheThreshold(uint8 count, uint8 least, uint16 who) public {
        uint256 n = uint256(count) % 12 + 1;
        uint256 threshold = uint256(least) % n + 1;
        keys = sorted(n);
        bytes32 hash = listHash(threshold);
        vm.prank(patient);
        identity.nameGuardians(id, hash, DELAY, 0, "");
        uint256 signed = 0;
        for (uint256 i = 0; i < n; ++i) {
            if (who >> i & 1 == 1) ++signed;
        }
        bytes32 toSign = recoveryDigest(fresh, 2, START);
        bytes[] memory signatures = signaturesBy(who, toSign);
        bytes memory accepted = signature(NEW_KEY, toSign);
        address[] memory list = guardians();
        if (signed < threshold) {
            vm.expectRevert(abi.encodeWithSelector(IIdentity.TooFewGuardians.selector, signed, threshold));
        }
        identity.recover(id, fresh, uint64(START), accepted, threshold, list, SALT, signatures);
    }

    /// From the second after the delay anyone finishes it, once; before, nobody does.
    function testFuzz_ItIsFinishedAfterTheDelayByAnyoneAndOnce(uint32 delay, uint32 wait, address by) public {
        delay = uint32(3 days + delay % (87 days + 1));
        wait = uint32(around(delay, wait, 2 * delay));
        vm.prank(patient);
        identity.nameGuardians(id, listHash(2), delay, 0, "");
        begin(fresh, NEW_KEY, 2, 3);
        vm.warp(START + wait);
        vm.prank(by);
        (bool done,) = address(identity).call(abi.encodeCall(IIdentity.finish, (id)));
        isTrue(done == (wait > delay), "finished after the delay");
        eq(identity.ownerOf(id), done ? fresh : patient, "owner");
        eq(identity.identityOf(fresh), done ? id : 0, "identity of the new address");
        eq(identity.identityOf(patient), done ? 0 : id, "identity of the old one");
        if (by != fresh && by != patient) eq(identity.identityOf(by), 0, "identity of who carried it");
        if (!done) return;
        wants(IIdentity.NoRecovery.selector, id);
        identity.finish(id);
    }

    /// What the owner signed for this recovery stops it until its time is over, once; nothing else that anybody sends does.
    function testFuzz_OnlyTheOwnersWordStopsARecovery(uint8 fault, address by, uint8 epoch, uint24 until, uint24 now_) public {
        fault %= 4;
        now_ = uint24(around(until, now_, 1 << 24) % (1 << 24));
        begin(fresh, NEW_KEY, 1, 3);
        uint32 named = fault == 1 ? epoch : 2;
        bytes memory signed = signature(fault == 2 ? DOCTOR_KEY : PATIENT_KEY, stopDigest(named, START + until));
        uint256 sent = fault == 3 ? START + until + 1 : START + until;
        bool good = by == patient || (fault < 2 && named == 2 && now_ <= until);
        vm.warp(START + now_);
        vm.prank(by);
        (bool stopped,) = address(identity).call(abi.encodeCall(IIdentity.stop, (id, uint64(sent), signed)));
        isTrue(stopped == good, "stopped by the owner's word");
        (address to,) = identity.recoveryOf(id);
        eq(to, good ? address(0) : fresh, "on its way");
        eq(identity.ownerOf(id), patient, "owner");
        if (!good) return;
        // The next one is not stopped by the same word.
        begin(fresh, NEW_KEY, 3, 3);
        if (now_ <= until) wants(IIdentity.BadSignature.selector, patient);
        else wants(IIdentity.Over.selector, sent);
        identity.stop(id, uint64(sent), signed);
    }

    function begin(address to, uint256 key, uint32 epoch, uint256 who) private {
        uint256 until = block.timestamp;
        bytes32 toSign = recoveryDigest(to, epoch, until);
        identity.recover(
            id, to, uint64(until), signature(key, toSign), 2, guardians(), SALT, signaturesBy(who, toSign)
        );
    }

    function cannotBegin(address to, uint256 key, uint32 epoch, bytes4 why, address whom) private {
        uint256 until = block.timestamp;
        bytes32 toSign = recoveryDigest(to, epoch, until);
        bytes[] memory signatures = signaturesBy(7, toSign);
        bytes memory accepted = signature(key, toSign);
        wants(why, whom);
        identity.recover(id, to, uint64(until), accepted, 2, guardians(), SALT, signatures);
    }

    function cannotBegin(uint32 epoch) private {
        bytes32 toSign = recoveryDigest(fresh, epoch, START);
        bytes[] memory signatures = signaturesBy(7, toSign);
        bytes memory accepted = signature(NEW_KEY, toSign);
        wants(IIdentity.BadGuardians.selector);
        identity.recover(id, fresh, uint64(START), accepted, 2, guardians(), SALT, signatures);
    }

    function recoverTo(address to, uint256 key, uint32 epoch) private {
        begin(to, key, epoch, 6);
        vm.warp(block.timestamp + DELAY + 1);
        identity.finish(id);
    }

    function enter(uint256 key) private returns (uint256) {
        return identity.enter(vm.addr(key), signature(key, entry(vm.addr(key))));
    }

    function entry(address owner) private view returns (bytes32) {
        return digest(address(identity), keccak256(abi.encode(keccak256("Entry(address owner)"), owner)));
    }

    function guardiansDigest(bytes32 hash, uint256 delay, uint256 epoch, uint256 until) private view returns (bytes32) {
        bytes32 typeHash =
            keccak256("Guardians(uint256 tokenId,bytes32 guardiansHash,uint32 delay,uint32 epoch,uint64 until)");
        return digest(address(identity), keccak256(abi.encode(typeHash, id, hash, delay, epoch, until)));
    }

    function recoveryDigest(address to, uint256 epoch, uint256 until) private view returns (bytes32) {
        bytes32 typeHash = keccak256("Recovery(uint256 tokenId,address to,uint32 epoch,uint64 until)");
        return digest(address(identity), keccak256(abi.encode(typeHash, id, to, epoch, until)));
    }

    function stopDigest(uint256 epoch, uint256 until) private view returns (bytes32) {
        bytes32 typeHash = keccak256("Stop(uint256 tokenId,uint32 epoch,uint64 until)");
        return digest(address(identity), keccak256(abi.encode(typeHash, id, epoch, until)));
    }

    /// @dev Guardian i signs if bit i of `who` is set.
    function signaturesBy(uint256 who, bytes32 toSign) private view returns (bytes[] memory signatures) {
        signatures = new bytes[](keys.length);
        for (uint256 i = 0; i < keys.length; ++i) {
            if (who >> i & 1 == 1) signatures[i] = signature(keys[i], toSign);
        }
    }

    function guardians() private view returns (address[] memory list) {
        list = new address[](keys.length);
        for (uint256 i = 0; i < keys.length; ++i) {
            list[i] = vm.addr(keys[i]);
        }
    }

    function listHash(uint256 threshold) private view returns (bytes32) {
        return keccak256(abi.encode(threshold, guardians(), SALT));
    }

    function long(uint256 n) private pure returns (address[] memory list) {
        list = new address[](n);
        for (uint256 i = 0; i < n; ++i) {
            list[i] = address(uint160(i + 1));
        }
    }

    function sorted(uint256 n) private pure returns (uint256[] memory list) {
        list = new uint256[](n);
        for (uint256 i = 0; i < n; ++i) {
            list[i] = 0x6A0 + i;
            for (uint256 j = i; j > 0 && vm.addr(list[j]) < vm.addr(list[j - 1]); --j) {
                (list[j], list[j - 1]) = (list[j - 1], list[j]);
            }
        }
    }
}
