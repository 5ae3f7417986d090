// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Grant, IConsent, Standing} from "../src/IConsent.sol";
import {Consent} from "./Faces.sol";
import {Fixture} from "./Fixture.sol";
import {Wallet} from "./hostile/Wallet.sol";

contract ConsentTest is Fixture {
    Consent private consent;

    function setUp() public override {
        super.setUp();
        consent = Consent(deploy("Consent", ""));
    }

    function usualGrant() private view returns (Grant memory) {
        return Grant({
            grantor: patient,
            grantee: doctor,
            scope: keccak256("salted scope"),
            purpose: keccak256("salted purpose"),
            from: uint64(START + 10),
            until: uint64(START + 20),
            epoch: 0,
            salt: bytes32(uint256(1))
        });
    }

    function grantHashOf(Grant memory g) private view returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Grant(address grantor,address grantee,bytes32 scope,bytes32 purpose,uint64 from,uint64 until,uint64 epoch,bytes32 salt)"
        );
        bytes memory head = abi.encode(typeHash, g.grantor, g.grantee, g.scope, g.purpose);
        return digest(address(consent), keccak256(bytes.concat(head, abi.encode(g.from, g.until, g.epoch, g.salt))));
    }

    function is_(Grant memory g, Standing want, string memory what) private view {
        eq(uint256(consent.standing(g, signature(PATIENT_KEY, grantHashOf(g)))), uint256(want), what);
    }

    function test_AGrantOpensFromItsFirstMomentToItsLast() public {
        Grant memory g = usualGrant();
        eq(consent.hashGrant(g), grantHashOf(g), "hash");
        vm.warp(START + 9);
        is_(g, Standing.NotYet, "before");
        vm.warp(START + 10);
        is_(g, Standing.Open, "first moment");
        vm.warp(START + 20);
        is_(g, Standing.Open, "last moment");
        vm.warp(START + 21);
        is_(g, Standing.Over, "after");
    }

    function test_WhatIsNotSignedOpensNothing() public {
        vm.warp(START + 15);
        Grant memory g = usualGrant();
        bytes memory signed = signature(PATIENT_KEY, grantHashOf(g));
        eq(uint256(consent.standing(g, "")), 0, "nothing");
        eq(uint256(consent.standing(g, signature(DOCTOR_KEY, grantHashOf(g)))), 0, "the grantee's own");
        for (uint256 i = 0; i < 8; ++i) {
            Grant memory changed = usualGrant();
            if (i == 0) changed.grantor = other;
            if (i == 1) changed.grantee = other;
            if (i == 2) changed.scope = 0;
            if (i == 3) changed.purpose = 0;
            if (i == 4) changed.from = 0;
            if (i == 5) changed.until += 1;
            if (i == 6) changed.epoch = 1;
            if (i == 7) changed.salt = 0;
            eq(uint256(consent.standing(changed, signed)), uint256(Standing.NotSigned), "changed");
        }
        vm.chainId(592);
        eq(uint256(consent.standing(g, signed)), uint256(Standing.NotSigned), "another chain");
        is_(g, Standing.Open, "signed for it");
    }

    function test_AContractGrants() public {
        Wallet wallet = new Wallet();
        Grant memory g = usualGrant();
        g.grantor = address(wallet);
        vm.warp(START + 15);
        eq(uint256(consent.standing(g, "")), uint256(Standing.NotSigned), "refused");
        wallet.be(Wallet.Mood.Honest);
        eq(uint256(consent.standing(g, "")), uint256(Standing.Open), "signed");
        wallet.run(address(consent), abi.encodeCall(IConsent.revokeAll, ()));
        eq(uint256(consent.standing(g, "")), uint256(Standing.Revoked), "revoked, whatever the contract says");
    }

    function test_OneGrantIsTakenBackForEver() public {
        vm.warp(START + 15);
        Grant memory g = usualGrant();
        bytes32 hash = grantHashOf(g);
        // By nobody else.
        vm.prank(doctor);
        consent.revoke(hash);
        is_(g, Standing.Open, "another's revocation");
        isTrue(consent.revoked(doctor, hash) && !consent.revoked(patient, hash), "whose it is");

        vm.expectEmit(true, true, true, true, address(consent));
        emit IConsent.Revoked(patient, hash);
        vm.prank(patient);
        consent.revoke(hash);
        is_(g, Standing.Revoked, "revoked");
        isTrue(consent.revoked(patient, hash), "revoked");
        vm.warp(START);
        is_(g, Standing.Revoked, "whatever the time");
        vm.warp(START + 15);
        vm.prank(patient);
        consent.revoke(hash); // once more is no harm
        is_(g, Standing.Revoked, "revoked");
        g.salt = bytes32(uint256(2));
        is_(g, Standing.Open, "another grant");
    }

    function test_AnyoneCarriesARevocation() public {
        vm.warp(START + 15);
        Grant memory g = usualGrant();
        bytes32 hash = grantHashOf(g);
        bytes32 toSign = revocationDigest(hash);
        bytes memory wrong = signature(DOCTOR_KEY, toSign);
        wants(IConsent.BadSignature.selector, patient);
        consent.revokeFor(patient, hash, wrong);
        bytes memory signed = signature(PATIENT_KEY, toSign);
        wants(IConsent.BadSignature.selector, patient);
        consent.revokeFor(patient, ~hash, signed);
        vm.expectEmit(true, true, true, true, address(consent));
        emit IConsent.Revoked(patient, hash);
        vm.prank(relayer);
        consent.revokeFor(patient, hash, signed);
        is_(g, Standing.Revoked, "revoked");
    }

    function test_AllGrantsAreTakenBackAtOnce() public {
        vm.warp(START + 15);
        Grant memory g = usualGrant();
        vm.prank(doctor);
        consent.revokeAll();
        is_(g, Standing.Open, "another's revocation");
        uint64 next = uint64((START + 15) << 24 | block.prevrandao & 0xffffff);
        vm.expectEmit(true, true, true, true, address(consent));
        emit IConsent.AllRevoked(patient, next);
        vm.prank(patient);
        consent.revokeAll();
        eq(consent.epochOf(patient), next, "epoch");
        is_(g, Standing.Revoked, "of the epoch before");
        g.epoch = next;
        is_(g, Standing.Open, "of this epoch");
        g.epoch = next + 1;
        is_(g, Standing.Revoked, "of the epoch to come");
        vm.prank(patient);
        consent.revokeAll();
        eq(consent.epochOf(patient), next + 1, "an epoch rises also in the same moment");
        vm.warp(START - 1000);
        vm.prank(patient);
        consent.revokeAll();
        eq(consent.epochOf(patient), next + 2, "and when the clock goes back");
    }

    /// An epoch that has not begun cannot be told, so no grant outlives a revocation to come.
    function test_NoGrantIsSignedForARevocationToCome() public {
        vm.warp(START + 15);
        bytes32 a = bytes32(uint256(0xabcdef123456));
        vm.prevrandao(a);
        vm.prank(patient);
        consent.revokeAll();
        eq(consent.epochOf(patient), (START + 15) << 24 | 0x123456, "24 bits of the block's randomness");
        vm.prevrandao(bytes32(uint256(7)));
        vm.prank(doctor);
        consent.revokeAll();
        eq(consent.epochOf(doctor), (START + 15) << 24 | 7, "another block, another epoch");
    }

    function test_AnyoneCarriesTheRevocationOfAll() public {
        vm.warp(START + 15);
        bytes memory signed = signature(PATIENT_KEY, revokeAllDigest(patient, 0));
        wants(IConsent.BadSignature.selector, doctor);
        consent.revokeAllFor(doctor, 0, signed);
        wants(IConsent.WrongEpoch.selector, uint256(1));
        consent.revokeAllFor(patient, 1, signed);
        vm.prank(relayer);
        consent.revokeAllFor(patient, 0, signed);
        is_(usualGrant(), Standing.Revoked, "revoked");
        uint64 epoch = consent.epochOf(patient);
        wants(IConsent.WrongEpoch.selector, uint256(0));
        consent.revokeAllFor(patient, 0, signed);
        wants(IConsent.BadSignature.selector, patient);
        consent.revokeAllFor(patient, epoch, signed);
        eq(consent.epochOf(patient), epoch, "once");
    }

    function test_StorageIsWhereItIsSaid() public {
        vm.prank(patient);
        consent.revokeAll();
        vm.prank(patient);
        consent.revoke(keccak256("grant"));
        eq(uint256(vm.load(address(consent), keccak256(abi.encode(patient, 0)))), consent.epochOf(patient), "epoch");
        bytes32 inner = keccak256(abi.encode(patient, 1));
        eq(uint256(vm.load(address(consent), keccak256(abi.encode(keccak256("grant"), inner)))), 1, "revoked");
    }

    function testFuzz_TheStandingIsWhatTheTextSays(Grant memory g, uint64 nowAt, uint8 what) public {
        g.grantor = patient;
        if (what & 1 == 0) g.epoch = 0;
        vm.warp(nowAt);
        if (what & 2 == 0) {
            bytes32 hash = grantHashOf(g);
            vm.prank(patient);
            consent.revoke(hash);
        }
        Standing want = Standing.Open;
        if (nowAt > g.until) want = Standing.Over;
        if (nowAt < g.from) want = Standing.NotYet;
        if (what & 2 == 0 || g.epoch != 0) want = Standing.Revoked;
        is_(g, want, "standing");
        eq(uint256(consent.standing(g, "")), uint256(Standing.NotSigned), "unsigned");
    }

    /// The grantor's signature over this grant takes this grant back, whoever sends it; no other does anything.
    function testFuzz_OnlyTheGrantorsWordTakesOneBack(Grant memory g, uint8 fault, bytes32 sent, address by) public {
        (g.grantor, g.from, g.until, g.epoch) = (patient, uint64(START), uint64(START), 0);
        bytes32 hash = grantHashOf(g);
        if (fault % 3 != 1) sent = hash;
        bytes memory signed = signature(fault % 3 == 2 ? DOCTOR_KEY : PATIENT_KEY, revocationDigest(hash));
        bool good = fault % 3 != 2 && sent == hash;
        vm.prank(by);
        (bool ok,) = address(consent).call(abi.encodeCall(IConsent.revokeFor, (patient, sent, signed)));
        isTrue(ok == good, "taken back");
        isTrue(consent.revoked(patient, hash) == good, "revoked");
        is_(g, good ? Standing.Revoked : Standing.Open, "standing");
        isTrue(!consent.revoked(doctor, hash), "another's");
        g.salt = ~g.salt;
        is_(g, Standing.Open, "another grant");
    }

    /// Whenever all is taken back, no grant of another epoch is open, and only one of the new epoch can be.
    function testFuzz_AllOfEveryOtherEpochIsTakenBack(Grant memory g, uint32[4] memory times, bytes32 random) public {
        g.grantor = patient;
        uint64 last = 0;
        for (uint256 i = 0; i < times.length; ++i) {
            vm.warp(times[i]);
            vm.prevrandao(keccak256(abi.encode(random, i)));
            vm.prank(patient);
            consent.revokeAll();
            uint64 epoch = consent.epochOf(patient);
            isTrue(epoch > last, "an epoch rises, whatever the clock says");
            isTrue(epoch >> 24 >= times[i], "and is not of a time before");
            last = epoch;
            (g.from, g.until) = (times[i], times[i]);
            if (g.epoch != epoch) is_(g, Standing.Revoked, "of another epoch");
            uint64 other_ = g.epoch;
            g.epoch = epoch;
            is_(g, Standing.Open, "of this epoch");
            g.epoch = i % 2 == 0 ? epoch : other_;
        }
        eq(consent.epochOf(doctor), 0, "nobody else's");
    }

    /// A signature takes all back for whom signed it, in the epoch that it names and once.
    function testFuzz_TheWordThatTakesAllBackIsForOneEpoch(bool later, uint8 fault, uint64 named, address by) public {
        if (later) {
            vm.prank(patient);
            consent.revokeAll();
        }
        uint64 epoch = consent.epochOf(patient);
        if (fault % 3 != 1) named = epoch;
        bytes memory signed = signature(fault % 3 == 2 ? DOCTOR_KEY : PATIENT_KEY, revokeAllDigest(patient, named));
        bool good = fault % 3 != 2 && named == epoch;
        vm.prank(by);
        (bool ok,) = address(consent).call(abi.encodeCall(IConsent.revokeAllFor, (patient, named, signed)));
        isTrue(ok == good, "taken back");
        isTrue((consent.epochOf(patient) > epoch) == good, "epoch");
        if (good) wants(IConsent.WrongEpoch.selector, named);
        else wants(IConsent.BadSignature.selector, patient);
        consent.revokeAllFor(patient, good ? named : epoch, signed);
        eq(consent.epochOf(doctor), 0, "nobody else's");
    }

    function revocationDigest(bytes32 hash) private view returns (bytes32) {
        return digest(address(consent), keccak256(abi.encode(keccak256("Revocation(bytes32 grantHash)"), hash)));
    }

    function revokeAllDigest(address grantor, uint64 epoch) private view returns (bytes32) {
        bytes32 typeHash = keccak256("RevokeAll(address grantor,uint64 epoch)");
        return digest(address(consent), keccak256(abi.encode(typeHash, grantor, epoch)));
    }
}
