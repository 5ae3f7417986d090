// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITill, Step} from "../src/ITill.sol";
import {Terms} from "../src/ICreators.sol";
import {Money} from "../src/Money.sol";
import {CreatorsFixture} from "./CreatorsFixture.sol";
import {SumTree, Weight} from "./SumTree.sol";
import {Coin} from "./hostile/Coin.sol";
import {Receiver} from "./hostile/Receiver.sol";

contract TillTest is CreatorsFixture {
    Terms private t;
    ITill private till;

    function setUp() public override {
        super.setUp();
        deployCreators();
        t = usualIssue();
        till = ITill(creators.tillOf(openIssue()));
        vm.deal(address(this), 1e30);
    }

    function pay(uint256 amount) private {
        (bool ok,) = address(till).call{value: amount}("");
        isTrue(ok, "paid");
    }

    function partOf(uint256 all) private pure returns (uint256) {
        return all - all * 7500 / 10_000;
    }

    function test_PatientsAndCreatorHaveTheirParts() public {
        pay(1 ether + 3);
        vm.expectEmit(true, true, true, true, address(till));
        emit ITill.Claimed(NATIVE, patient, patient, partOf(1 ether + 3) * 3 / 17);
        claimFor(till, NATIVE, 0);
        vm.expectEmit(true, true, true, true, address(till));
        emit ITill.Paid(NATIVE, doctor, 1 ether + 3 - partOf(1 ether + 3));
        till.pay(NATIVE);
        eq(doctor.balance, 0.75 ether + 2, "rounding is the patients'");
        eq(patient.balance, partOf(1 ether + 3) * 3 / 17, "patient");
        eq(till.cameIn(NATIVE), 1 ether + 3, "came");
        eq(till.taken(NATIVE, SumTree.leafOf(patients()[0])), patient.balance, "taken");
        eq(till.taken(NATIVE, 0), doctor.balance, "by the creator");
    }

    function test_NobodyTakesTwice() public {
        pay(1 ether);
        for (uint256 i = 0; i < 5; ++i) {
            claimFor(till, NATIVE, i);
            wants(ITill.Nothing.selector);
            claimFor(till, NATIVE, i);
        }
        till.pay(NATIVE);
        wants(ITill.Nothing.selector);
        till.pay(NATIVE);
        isTrue(address(till).balance < 5, "all but what rounding left");
    }

    function testFuzz_WhateverComesInWhateverOrderIsSharedExactly(uint96 a, uint96 b, uint96 c, uint256 order) public {
        uint96[3] memory amounts = [a, b, c];
        uint256 all = 0;
        for (uint256 i = 0; i < 3; ++i) {
            pay(amounts[i]);
            all += amounts[i];
            uint256 who = (order >> (8 * i)) % 6;
            (bool ok,) = who == 5 ? address(till).call(abi.encodeCall(ITill.pay, (NATIVE))) : tried(who);
            ok; // there may be nothing yet
        }
        uint256 sum = 0;
        for (uint256 i = 0; i < 5; ++i) {
            tried(i);
            uint256 had = till.taken(NATIVE, SumTree.leafOf(patients()[i]));
            eq(had, partOf(all) * patients()[i].weight / 17, "by weight, of all that came");
            sum += had;
        }
        isTrue(sum <= partOf(all) && sum + 5 > partOf(all), "the patients' part");
        (bool paid,) = address(till).call(abi.encodeCall(ITill.pay, (NATIVE)));
        paid;
        eq(till.taken(NATIVE, 0), all * 7500 / 10_000, "the creator's part");
        eq(address(till).balance, all - sum - all * 7500 / 10_000, "the rest is here");
    }

    function tried(uint256 i) private returns (bool, bytes memory) {
        Weight memory w = patients()[i];
        bytes memory data = abi.encodeCall(ITill.claim, (NATIVE, w.account, w.weight, w.salt, SumTree.proof(patients(), i)));
        return address(till).call(data);
    }

    function testFuzz_NobodyElseTakesAnything(address account, uint64 weight, bytes32 salt, uint8 i) public {
        pay(1 ether);
        wants(ITill.NotListed.selector, account);
        till.claim(NATIVE, account, weight, salt, SumTree.proof(patients(), i % 5));
        wants(ITill.NotListed.selector, account);
        till.claim(NATIVE, account, weight, salt, new Step[](0));
    }

    function test_AWeightIsWhatItIs() public {
        pay(1 ether);
        Weight[] memory list = patients();
        wants(ITill.NotListed.selector, patient);
        till.claim(NATIVE, patient, 4, list[0].salt, SumTree.proof(list, 0));
        Step[] memory proof = SumTree.proof(list, 0);
        proof[0].sum += 1;
        wants(ITill.NotListed.selector, patient);
        till.claim(NATIVE, patient, 3, list[0].salt, proof);
        proof[0].sum = type(uint256).max;
        vm.expectRevert();
        till.claim(NATIVE, patient, 3, list[0].salt, proof);
    }

    /// @dev A dishonest creator's tree: it names weights whose sum is more than the total it states.
    function test_LeavesNeverComeToMoreThanTheTotal() public {
        Weight[] memory list = patients();
        t.patientsTotal = 10; // of 17
        (t.salt, t.supply) = (2, 1);
        attestBy(SECOND_KEY, statement(SECOND_KEY, doctor, 60, 2));
        stakeFor(doctor, NATIVE, uint128(PLEDGE));
        till = ITill(creators.tillOf(openAs(t, DOCTOR_KEY)));
        pay(1 ether);
        for (uint256 i = 0; i < 5; ++i) {
            wants(ITill.NotListed.selector, list[i].account);
            till.claim(NATIVE, list[i].account, list[i].weight, list[i].salt, SumTree.proof(list, i));
        }
    }

    function test_ANodeIsNoLeaf() public {
        pay(1 ether);
        Weight[] memory list = patients();
        Step[] memory proof = SumTree.proof(list, 0);
        // One level shorter: the node of the first two as if it were a leaf.
        Step memory node = SumTree.join(Step(SumTree.leafOf(list[0]), 3), Step(SumTree.leafOf(list[1]), 5));
        Step[] memory rest = new Step[](proof.length - 1);
        for (uint256 i = 0; i < rest.length; ++i) {
            rest[i] = proof[i + 1];
        }
        address account = address(uint160(uint256(node.hash)));
        wants(ITill.NotListed.selector, account);
        till.claim(NATIVE, account, 8, list[0].salt, rest);
    }

    function test_OnePatientAloneNeedsNoProof() public {
        (t.salt, t.supply, t.patientsTotal, t.patientsRoot) = (2, 1, 9, keccak256(abi.encode(patient, 9, bytes32("s"))));
        attestBy(SECOND_KEY, statement(SECOND_KEY, doctor, 60, 2));
        stakeFor(doctor, NATIVE, uint128(PLEDGE));
        till = ITill(creators.tillOf(openAs(t, DOCTOR_KEY)));
        pay(100);
        till.claim(NATIVE, patient, 9, "s", new Step[](0));
        eq(patient.balance, 25, "the whole part");
    }

    function test_WhoCannotReceiveIsPaidElsewhere() public {
        pay(1 ether);
        Weight[] memory list = patients();
        wants(ITill.NotListed.selector, doctor);
        vm.prank(doctor);
        till.claimTo(NATIVE, 3, list[0].salt, SumTree.proof(list, 0), doctor);
        vm.prank(patient);
        till.claimTo(NATIVE, 3, list[0].salt, SumTree.proof(list, 0), address(0xFEED));
        eq(address(0xFEED).balance, partOf(1 ether) * 3 / 17, "elsewhere");
        wants(ITill.NotCreator.selector, patient);
        vm.prank(patient);
        till.payTo(NATIVE, patient);
        vm.prank(doctor);
        till.payTo(NATIVE, address(0xD0D0));
        eq(address(0xD0D0).balance, 0.75 ether, "creator's, elsewhere");
    }

    function test_WhoRefusesHarmsItselfAlone() public {
        Receiver stubborn = new Receiver();
        Weight[] memory list = patients();
        list[1].account = address(stubborn);
        Step memory root = SumTree.root(list);
        (t.salt, t.supply, t.patientsRoot) = (2, 1, root.hash);
        attestBy(SECOND_KEY, statement(SECOND_KEY, doctor, 60, 2));
        stakeFor(doctor, NATIVE, uint128(PLEDGE));
        till = ITill(creators.tillOf(openAs(t, DOCTOR_KEY)));
        pay(17 * 4);
        stubborn.refuse(true);
        wants(Money.PaymentRefused.selector, address(stubborn));
        till.claim(NATIVE, address(stubborn), 5, list[1].salt, SumTree.proof(list, 1));
        till.claim(NATIVE, patient, 3, list[0].salt, SumTree.proof(list, 0));
        eq(patient.balance, 3, "patient");
        // Who calls back is owed nothing.
        stubborn.refuse(false);
        bytes memory again = abi.encodeCall(ITill.claim, (NATIVE, address(stubborn), 5, list[1].salt, SumTree.proof(list, 1)));
        stubborn.reenter(address(till), again);
        till.claim(NATIVE, address(stubborn), 5, list[1].salt, SumTree.proof(list, 1));
        eq(stubborn.reentered(), 0, "calls back that worked");
        eq(address(stubborn).balance, 5, "once");
    }

    function test_AnyTokenIsShared() public {
        cash.mint(address(till), 1700);
        claimFor(till, address(cash), 4);
        eq(cash.balanceOf(address(0xFEE3)), 425 * 7 / uint256(17), "seven of seventeen of a quarter");
        till.pay(address(cash));
        eq(cash.balanceOf(doctor), 1275, "the rest");
        cash.shrink(address(till), 0);
        wants(ITill.Nothing.selector);
        claimFor(till, address(cash), 4); // it had more than is its part now
        Coin large = new Coin(Coin.Habit.Plain);
        large.mint(address(till), uint256(type(uint128).max) + 1);
        wants(ITill.TooMuch.selector);
        claimFor(till, address(large), 0);
        large.shrink(address(till), type(uint128).max);
        claimFor(till, address(large), 0);
    }

    /// Who has something due has it paid where it says, whole and once; nobody else moves it by a single wei.
    function testFuzz_WhatIsDueGoesWhereItsOwnerSays(uint96 amount, uint8 i, bytes32 seed, address by, bool itself) public {
        Weight memory w = patients()[i % 5];
        if (itself) by = w.account;
        address to = address(uint160(uint256(keccak256(abi.encode(seed)))));
        uint256 due = partOf(amount) * w.weight / 17;
        pay(amount);
        bytes memory data =
            abi.encodeCall(ITill.claimTo, (NATIVE, w.weight, w.salt, SumTree.proof(patients(), i % 5), to));
        vm.prank(by);
        (bool ok,) = address(till).call(data);
        isTrue(ok == (by == w.account && due != 0), "its own");
        eq(to.balance, ok ? due : 0, "elsewhere");
        eq(till.taken(NATIVE, SumTree.leafOf(w)), to.balance, "taken");
        eq(address(till).balance, amount - to.balance, "the rest is here");
        vm.prank(by);
        (ok,) = address(till).call(data);
        isTrue(!ok, "not twice");
    }

    /// The same for the creator's part.
    function testFuzz_TheCreatorsPartGoesWhereItSays(uint96 amount, bytes32 seed, address by, bool itself) public {
        if (itself) by = doctor;
        address to = address(uint160(uint256(keccak256(abi.encode(seed)))));
        uint256 due = uint256(amount) * 7500 / 10_000;
        pay(amount);
        vm.prank(by);
        (bool ok,) = address(till).call(abi.encodeCall(ITill.payTo, (NATIVE, to)));
        isTrue(ok == (by == doctor && due != 0), "the creator's own word");
        eq(to.balance, ok ? due : 0, "elsewhere");
        eq(till.taken(NATIVE, 0), to.balance, "taken");
        eq(address(till).balance, amount - to.balance, "the rest is here");
        vm.prank(by);
        (ok,) = address(till).call(abi.encodeCall(ITill.payTo, (NATIVE, to)));
        isTrue(!ok, "not twice");
    }
}
