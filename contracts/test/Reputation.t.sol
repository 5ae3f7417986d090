// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IReputation, Statement, Word} from "../src/IReputation.sol";
import {CreatorsFixture} from "./CreatorsFixture.sol";
import {Reputation} from "./Faces.sol";
import {Receiver} from "./hostile/Receiver.sol";

contract ReputationTest is CreatorsFixture {
    Statement private s;

    function setUp() public override {
        super.setUp();
        deployCreators();
        s = statement(ATTESTER_KEY, doctor, 100, 1);
    }

    function attest() private {
        attestBy(ATTESTER_KEY, s);
    }

    function only() private view returns (address[] memory list) {
        list = new address[](1);
        list[0] = s.attester;
    }

    function test_AnyoneCarriesAnAttestersWord() public {
        vm.expectEmit(true, true, true, true, address(reputation));
        emit IReputation.Attested(s.attester, doctor, 100, 100, s.endsAt, 1);
        attest();
        Word memory w = reputation.wordOf(s.attester, doctor);
        eq(w.weight, 100, "weight");
        eq(w.reserved, 100, "reserved");
        eq(w.endsAt, s.endsAt, "ends");
        eq(w.number, 1, "number");
        eq(reputation.reservedOf(s.attester), 100, "reserved of all");
        eq(reputation.weightOf(doctor, s.endsAt, only()), 100, "counts");
        eq(reputation.CAPACITY(), CAPACITY, "CAPACITY");
        eq(reputation.MAX_ATTESTERS(), 16, "MAX_ATTESTERS");
        eq(reputation.MAX_TIME(), 2192 days, "MAX_TIME");
        eq(reputation.LIST(), keccak256("sinso/attesters/v1"), "LIST");
    }

    function test_TheAttesterItselfNeedNotSign() public {
        vm.prank(s.attester);
        reputation.attest(s, "");
        bytes memory bad = signature(SECOND_KEY, hashOf(s));
        s.number = 2;
        wants(IReputation.BadSignature.selector, s.attester);
        reputation.attest(s, bad);
    }

    function test_AContractAttests() public {
        Receiver board = new Receiver();
        s.attester = address(board);
        reputation.attest(s, "");
        eq(reputation.reservedOf(address(board)), 100, "reserved");
    }

    function testFuzz_AWordForAnythingElseIsWorthNothing(uint8 field, uint16 by) public {
        bytes memory signed = signature(ATTESTER_KEY, hashOf(s));
        uint16 x = by % 1000 + 1;
        if (field % 4 == 0) s.creator = address(uint160(x));
        if (field % 4 == 1) s.weight += x;
        if (field % 4 == 2) s.endsAt += x;
        if (field % 4 == 3) s.number += x;
        wants(IReputation.BadSignature.selector, s.attester);
        reputation.attest(s, signed);
    }

    function test_AWordBindsContractAndChain() public {
        bytes memory signed = signature(ATTESTER_KEY, hashOf(s));
        Reputation twin = Reputation(deploy("Reputation", abi.encode(roll, CAPACITY)));
        wants(IReputation.BadSignature.selector, s.attester);
        twin.attest(s, signed);
        vm.chainId(4242);
        wants(IReputation.BadSignature.selector, s.attester);
        reputation.attest(s, signed);
    }

    function test_ANewerWordTakesTheOldersPlace() public {
        attest();
        wants(IReputation.Stale.selector, 1);
        attest();
        (s.number, s.weight) = (5, 300);
        attest();
        eq(reputation.reservedOf(s.attester), 300, "raised");
        s.number = 4;
        wants(IReputation.Stale.selector, 5);
        attest();
    }

    function test_TakingAWordBackFreesNothingBeforeItsEnd() public {
        attest();
        (s.number, s.weight) = (2, 0);
        attest();
        eq(reputation.weightOf(doctor, s.endsAt, only()), 0, "counts for nothing");
        eq(reputation.reservedOf(s.attester), 100, "and is still reserved");
        (s.number, s.endsAt) = (3, s.endsAt - 1);
        wants(IReputation.BadEnd.selector, s.endsAt);
        attest();
        (s.number, s.weight, s.endsAt) = (3, 60, s.endsAt + 1);
        attest();
        eq(reputation.wordOf(s.attester, doctor).reserved, 100, "the most that it was");
    }

    function testFuzz_AnAttesterHasOneCapacityForAllCreators(uint16 a, uint16 b) public {
        (a, b) = (a % 1100 + 1, b % 1100 + 1);
        Statement memory first = statement(ATTESTER_KEY, doctor, a, 1);
        Statement memory second = statement(ATTESTER_KEY, other, b, 1);
        bytes memory signed = signature(ATTESTER_KEY, hashOf(first));
        if (a > CAPACITY) vm.expectRevert(abi.encodeWithSelector(IReputation.OverCapacity.selector, a, CAPACITY));
        reputation.attest(first, signed);
        if (a > CAPACITY) return;
        signed = signature(ATTESTER_KEY, hashOf(second));
        uint256 all = uint256(a) + b;
        if (all > CAPACITY) vm.expectRevert(abi.encodeWithSelector(IReputation.OverCapacity.selector, all, CAPACITY));
        reputation.attest(second, signed);
        isTrue(reputation.reservedOf(s.attester) <= CAPACITY, "capacity");
    }

    function test_AnAttesterMayStakeAllThatItHas() public {
        s.weight = uint32(CAPACITY);
        attest();
        eq(reputation.reservedOf(s.attester), CAPACITY, "all of it");
    }

    function test_AWordStandsToItsLastSecond() public {
        attest();
        vm.warp(s.endsAt);
        (s.number, s.weight) = (2, 40);
        attest();
        eq(reputation.reservedOf(s.attester), 100, "still reserved");
        eq(reputation.weightOf(doctor, s.endsAt, only()), 40, "what it says now");
    }

    function test_AWordThatEndedIsReplacedOrLapses() public {
        attest();
        vm.warp(s.endsAt);
        vm.expectRevert(abi.encodeWithSelector(IReputation.NothingLapsed.selector, s.attester, doctor));
        reputation.lapse(s.attester, doctor);
        vm.warp(uint256(s.endsAt) + 1);
        Statement memory next = s;
        (next.number, next.weight, next.endsAt) = (2, 40, uint64(block.timestamp));
        attestBy(ATTESTER_KEY, next);
        eq(reputation.reservedOf(s.attester), 40, "what had ended is free");
        vm.warp(block.timestamp + 1);
        vm.expectEmit(true, true, true, true, address(reputation));
        emit IReputation.Lapsed(s.attester, doctor, 40);
        reputation.lapse(s.attester, doctor);
        eq(reputation.reservedOf(s.attester), 0, "all free");
        eq(reputation.wordOf(s.attester, doctor).number, 2, "the number stays");
        vm.expectRevert(abi.encodeWithSelector(IReputation.NothingLapsed.selector, s.attester, doctor));
        reputation.lapse(s.attester, doctor);
    }

    function testFuzz_AWordEndsInTime(uint32 end) public {
        s.endsAt = uint64(START - 10 + end % 400_000_000);
        bool good = s.endsAt >= START && s.endsAt <= START + 2192 days;
        if (!good) wants(IReputation.BadEnd.selector, s.endsAt);
        attest();
    }

    function test_TheBoundsOfAnEndAreIn() public {
        s.endsAt = uint64(START);
        attest();
        (s.number, s.endsAt) = (2, uint64(START + 2192 days));
        attest();
        (s.number, s.endsAt) = (3, uint64(START + 2192 days + 1));
        wants(IReputation.BadEnd.selector, s.endsAt);
        attest();
    }

    function test_OnlyListedWordsThatLastCount() public {
        trust(doctor, 150, 50);
        eq(reputation.weightOf(doctor, s.endsAt, attesters), 200, "both");
        eq(reputation.weightOf(doctor, s.endsAt, new address[](0)), 0, "nobody");
        vm.expectRevert(abi.encodeWithSelector(IReputation.TooShort.selector, attesters[0], s.endsAt));
        reputation.weightOf(doctor, s.endsAt + 1, attesters);
        vm.expectRevert(abi.encodeWithSelector(IReputation.TooShort.selector, attesters[0], 0));
        reputation.weightOf(other, 1, attesters);
        roll.setListed(reputation.LIST(), bytes32(uint256(uint160(s.attester))), false);
        wants(IReputation.NotListed.selector, s.attester);
        reputation.weightOf(doctor, s.endsAt, attesters);
    }

    function test_NoAttesterCountsTwice() public {
        trust(doctor, 150, 50);
        address[] memory list = new address[](2);
        (list[0], list[1]) = (attesters[0], attesters[0]);
        wants(IReputation.BadAttesters.selector);
        reputation.weightOf(doctor, 0, list);
        (list[0], list[1]) = (attesters[1], attesters[0]);
        wants(IReputation.BadAttesters.selector);
        reputation.weightOf(doctor, 0, list);
        list = new address[](1);
        wants(IReputation.BadAttesters.selector);
        reputation.weightOf(doctor, 0, list);
    }

    function test_AtMostSixteenAttestersCount() public {
        address[] memory list = new address[](17);
        for (uint256 i = 0; i < 17; ++i) {
            list[i] = address(uint160(i + 1));
            roll.setListed(reputation.LIST(), bytes32(i + 1), true);
        }
        wants(IReputation.BadAttesters.selector);
        reputation.weightOf(doctor, 0, list);
        assembly {
            mstore(list, 16)
        }
        eq(reputation.weightOf(doctor, 0, list), 0, "sixteen");
    }

    /// What an attester has reserved for one creator is free when its word has ended, once, and no other's is.
    function testFuzz_OnlyWhatHasEndedLapsesAndOnce(uint16 weight, uint16 least, uint24 lasts, uint24 took, address by) public {
        uint256 later = around(lasts, took, 1 << 24);
        (s.weight, s.endsAt) = (weight % 900, uint64(START + lasts));
        attest();
        attestBy(ATTESTER_KEY, statement(ATTESTER_KEY, other, 100, 1));
        uint32 reserved = s.weight;
        // A second word may count for less, and frees nothing.
        (s.number, s.weight) = (2, least % (reserved + 1));
        attest();
        vm.warp(START + later);
        vm.prank(by);
        (bool ok,) = address(reputation).call(abi.encodeCall(IReputation.lapse, (s.attester, doctor)));
        isTrue(ok == (reserved != 0 && later > lasts), "lapsed");
        eq(reputation.reservedOf(s.attester), ok ? 100 : 100 + reserved, "reserved of all");
        eq(reputation.wordOf(s.attester, doctor).reserved, ok ? 0 : reserved, "reserved");
        eq(reputation.wordOf(s.attester, other).reserved, 100, "another creator's");
        if (!ok) return;
        vm.expectRevert(abi.encodeWithSelector(IReputation.NothingLapsed.selector, s.attester, doctor));
        reputation.lapse(s.attester, doctor);
        wants(IReputation.Stale.selector, 2);
        attest();
    }

    /// A creator's weight is the sum of the words of those who are asked, if all are listed and last so long; else nothing is said.
    function testFuzz_TheWeightIsTheSumOfWordsThatLast(
        uint32[4] memory weights,
        uint24[4] memory lasts,
        uint8 listed,
        uint8 asked,
        uint24 until
    ) public {
        address[] memory list = new address[](4);
        uint256 n = 0;
        uint256 sum = 0;
        bool good = true;
        for (uint256 i = 0; i < 4; ++i) {
            address attester = address(uint160(0xA000 + i));
            vm.prank(attester);
            reputation.attest(Statement(attester, doctor, weights[i] % 1001, uint64(START + lasts[i]), 1), "");
            // Most are listed.
            bool on = listed >> (2 * i) & 3 != 0;
            if (on) roll.setListed(reputation.LIST(), bytes32(uint256(uint160(attester))), true);
            if (asked >> i & 1 == 0) continue;
            list[n++] = attester;
            sum += weights[i] % 1001;
            good = good && on && lasts[i] >= until;
        }
        assembly ("memory-safe") {
            mstore(list, n)
        }
        bytes memory data = abi.encodeCall(IReputation.weightOf, (doctor, uint64(START + until), list));
        (bool ok, bytes memory said) = address(reputation).staticcall(data);
        isTrue(ok == good, "all are listed and last");
        if (ok) eq(abi.decode(said, (uint256)), sum, "weight");
    }
}
