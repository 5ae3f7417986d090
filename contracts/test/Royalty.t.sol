// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Share} from "../src/IAssets.sol";
import {IRoyalties} from "../src/IRoyalties.sol";
import {IRoyalty} from "../src/IRoyalty.sol";
import {Fixture} from "./Fixture.sol";
import {Coin} from "./hostile/Coin.sol";
import {Receiver} from "./hostile/Receiver.sol";

contract RoyaltyTest is Fixture {
    address private constant MONEY = address(0);

    IRoyalties private royalties;
    uint256 private id;
    IRoyalty private till;

    function setUp() public override {
        super.setUp();
        royalties = IRoyalties(assets.royalties());
        id = enterUsual();
        (address receiver,) = assets.royaltyInfo(id, 1);
        till = IRoyalty(receiver);
        vm.deal(address(this), 100 ether);
    }

    /// @dev A payment with 2,300 gas and no more.
    function pay(address to, uint256 amountWei) private {
        new Stingy().pay{value: amountWei}(to);
    }

    function test_MoneySentBeforeTheReceiverExistsIsDistributed() public {
        eq(address(till).code.length, 0, "code before");
        pay(address(till), 1001);
        eq(royalties.open(id), address(till), "receiver");
        isTrue(address(till).code.length == 51, "a minimal proxy");
        vm.expectEmit(true, true, true, true, address(till));
        emit IRoyalty.Distributed(MONEY, 1001);
        till.distribute(MONEY, CONTENT, usualSplit());
        eq(till.owed(MONEY, doctor), 300, "doctor: floor(1001 * 0.2999)");
        eq(till.owed(MONEY, patient), 701, "patient: the rest");
        vm.expectEmit(true, true, true, true, address(till));
        emit IRoyalty.Withdrawn(MONEY, doctor, doctor, 300);
        till.withdraw(MONEY, doctor);
        till.withdraw(MONEY, patient);
        eq(doctor.balance, 300, "doctor's money");
        eq(patient.balance, 701, "patient's money");
        eq(address(till).balance, 0, "left");
    }

    function test_APlainTransferOf2300GasStillWorksOnceOpen() public {
        royalties.open(id);
        pay(address(till), 5);
        eq(address(till).balance, 5, "balance");
    }

    function test_OpeningTwiceIsOpeningOnce() public {
        vm.expectEmit(true, true, true, true, address(royalties));
        emit IRoyalties.Opened(id, address(till));
        address first = royalties.open(id);
        eq(royalties.open(id), first, "receiver");
        isTrue(royalties.receiverOf(id + 1) != first, "another token has another receiver");
    }

    /// With too little gas to make it, and enough to say so, it says so: no address is told at which there is nothing.
    function test_AReceiverThatCouldNotBeMadeIsNotOpened() public {
        uint256 said;
        for (uint256 gas_ = 5000; gas_ < 60_000; gas_ += 100) {
            (bool ok, bytes memory why) = address(royalties).call{gas: gas_}(abi.encodeCall(IRoyalties.open, (id)));
            if (ok) break;
            if (why.length == 0) continue;
            eq(bytes32(bytes4(why)), bytes32(IRoyalties.NotOpened.selector), "why");
            ++said;
        }
        isTrue(said != 0, "said");
        isTrue(address(till).code.length == 51, "opened with enough");
    }

    /// Whatever the token and whoever opens it: a receiver is where it was said to be, once, and has what was sent there before.
    function testFuzz_AReceiverIsWhereItWasSaidToBe(uint256 tokenId, uint256 another, uint96 amount, address by) public {
        vm.assume(tokenId != another);
        address there = royalties.receiverOf(tokenId);
        vm.deal(there, amount);
        vm.prank(by);
        eq(royalties.open(tokenId), there, "receiver");
        bytes32 code = there.codehash;
        isTrue(there.code.length != 0, "code");
        eq(royalties.open(tokenId), there, "again");
        eq(there.codehash, code, "the same code");
        eq(there.balance, amount, "what came before");
        isTrue(royalties.receiverOf(another) != there, "another token has another receiver");
    }

    function test_EachCoinIsDistributedOnce() public {
        royalties.open(id);
        pay(address(till), 10_000);
        till.distribute(MONEY, CONTENT, usualSplit());
        wants(IRoyalty.NothingToDistribute.selector);
        till.distribute(MONEY, CONTENT, usualSplit());
        till.withdraw(MONEY, doctor);
        wants(IRoyalty.NothingToDistribute.selector);
        till.distribute(MONEY, CONTENT, usualSplit());
        wants(IRoyalty.NothingOwed.selector, doctor);
        till.withdraw(MONEY, doctor);
        pay(address(till), 10_000);
        vm.expectEmit(true, true, true, true, address(till));
        emit IRoyalty.Distributed(MONEY, 10_000); // what came, beside what the patient is owed from before
        till.distribute(MONEY, CONTENT, usualSplit());
        eq(till.owed(MONEY, doctor), 2999, "doctor");
        eq(till.owed(MONEY, patient), 14_002, "patient");
    }

    function test_OnlyTheAssetsOwnSplitDistributes() public {
        royalties.open(id);
        pay(address(till), 1000);
        Share[] memory greedy = splitOf(patient, 9999, doctor, 1);
        wants(IRoyalty.WrongAsset.selector);
        till.distribute(MONEY, CONTENT, greedy);
        wants(IRoyalty.WrongAsset.selector);
        till.distribute(MONEY, keccak256("other"), usualSplit());
        wants(IRoyalty.WrongAsset.selector);
        till.distribute(MONEY, CONTENT, new Share[](0));
    }

    function test_AnAssetThatWasNeverEnteredDistributesNothing() public {
        Share[] memory wrong = splitOf(patient, 9999, doctor, 9999); // 199.98 %
        IRoyalty never = IRoyalty(royalties.open(tokenOf(CONTENT, wrong)));
        pay(address(never), 1000);
        wants(IRoyalty.WrongAsset.selector);
        never.distribute(MONEY, CONTENT, wrong);
    }

    function test_APayeeThatRefusesHarmsItselfAlone() public {
        Receiver stubborn = new Receiver();
        (IRoyalty mine, Share[] memory split) = tillWith(address(stubborn));
        pay(address(mine), 1000);
        mine.distribute(MONEY, CONTENT, split);
        stubborn.refuse(true);
        wants(IRoyalty.PaymentRefused.selector, address(stubborn));
        mine.withdraw(MONEY, address(stubborn));
        eq(mine.owed(MONEY, address(stubborn)), 500, "still owed");
        mine.withdraw(MONEY, patient);
        stubborn.run(address(mine), 0, abi.encodeCall(IRoyalty.withdrawTo, (MONEY, other)));
        eq(other.balance, 500, "sent elsewhere by the payee itself");
    }

    function test_APayeeThatReentersGetsNoMore() public {
        Receiver thief = new Receiver();
        (IRoyalty mine, Share[] memory split) = tillWith(address(thief));
        pay(address(mine), 1000);
        mine.distribute(MONEY, CONTENT, split);
        thief.reenter(address(mine), abi.encodeCall(IRoyalty.withdraw, (MONEY, address(thief))));
        mine.withdraw(MONEY, address(thief));
        eq(address(thief).balance, 500, "thief");
        eq(thief.reentered(), 0, "calls back that worked");
        eq(address(mine).balance, 500, "left for the patient");
    }

    function test_TokensAreDistributedToo() public {
        royalties.open(id);
        for (uint256 i = 0; i < 2; ++i) {
            Coin coin = new Coin(Coin.Habit(i)); // plain, and without a return value as some real ones
            coin.mint(address(till), 1001);
            till.distribute(address(coin), CONTENT, usualSplit());
            till.withdraw(address(coin), doctor);
            till.withdraw(address(coin), patient);
            eq(coin.balanceOf(doctor), 300, "doctor");
            eq(coin.balanceOf(patient), 701, "patient");
        }
    }

    function test_ATokenThatAnswersFalseKeepsTheDebt() public {
        royalties.open(id);
        Coin coin = new Coin(Coin.Habit.ReturnsFalse);
        coin.mint(address(till), 1000);
        till.distribute(address(coin), CONTENT, usualSplit());
        wants(SafeERC20.SafeERC20FailedOperation.selector, address(coin));
        till.withdraw(address(coin), doctor);
        eq(till.owed(address(coin), doctor), 299, "still owed");
    }

    function test_ATokenThatCallsBackCannotBeCountedTwice() public {
        royalties.open(id);
        for (uint256 i = 0; i < 2; ++i) {
            Coin coin = new Coin(Coin.Habit.CallsBack);
            coin.mint(address(till), 10_000);
            till.distribute(address(coin), CONTENT, usualSplit());
            coin.reenter(address(till), abi.encodeCall(IRoyalty.distribute, (address(coin), CONTENT, usualSplit())));
            vm.prank(doctor);
            if (i == 0) till.withdraw(address(coin), doctor);
            else till.withdrawTo(address(coin), other);
            eq(coin.reentered(), 0, "calls back that worked");
            eq(till.owed(address(coin), patient), 7001, "patient");
        }
    }

    function test_ATokenThatShrinksMakesNoNewDebt() public {
        royalties.open(id);
        Coin coin = new Coin(Coin.Habit.TakesAFee);
        coin.mint(address(till), 10_000);
        till.distribute(address(coin), CONTENT, usualSplit());
        coin.shrink(address(till), 9000);
        wants(IRoyalty.NothingToDistribute.selector);
        till.distribute(address(coin), CONTENT, usualSplit());
        till.withdraw(address(coin), patient);
        eq(coin.balanceOf(patient), 7001 - 70, "patient, less the token's own fee");
    }

    function testFuzz_WhatComesInIsOwedToTheWei(uint96[8] memory amounts, uint8 takes) public {
        royalties.open(id);
        uint256 came;
        for (uint256 i = 0; i < amounts.length; ++i) {
            uint256 amount = uint256(amounts[i]) + 1; // nothing is no payment
            came += amount;
            vm.deal(address(till), address(till).balance + amount);
            till.distribute(MONEY, CONTENT, usualSplit());
            address payee = i % 2 == 0 ? doctor : patient;
            if ((takes >> i) & 1 == 1 && till.owed(MONEY, payee) != 0) till.withdraw(MONEY, payee);
            uint256 promised = till.owed(MONEY, doctor) + till.owed(MONEY, patient);
            eq(promised, address(till).balance, "all that is here is owed");
            eq(doctor.balance + patient.balance + promised, came, "nothing was lost or made");
        }
    }

    /// What is owed is sent where its payee says, whole and once; nobody else moves it by a single wei.
    function testFuzz_WhatIsOwedGoesWhereItsPayeeSays(uint96 amount, bool inCoin, address by, bool itself, bytes32 seed) public {
        if (itself) by = doctor;
        if (by == patient) return;
        address to = address(uint160(uint256(keccak256(abi.encode(seed)))));
        Coin coin = new Coin(Coin.Habit.Plain);
        address currency = inCoin ? address(coin) : MONEY;
        royalties.open(id);
        coin.mint(address(till), amount);
        vm.deal(address(till), amount);
        if (amount == 0) wants(IRoyalty.NothingToDistribute.selector);
        till.distribute(currency, CONTENT, usualSplit());
        uint256 due = uint256(amount) * 2999 / 10_000;
        vm.prank(by);
        (bool ok,) = address(till).call(abi.encodeCall(IRoyalty.withdrawTo, (currency, to)));
        isTrue(ok == (by == doctor && due != 0), "its own word");
        eq(inCoin ? coin.balanceOf(to) : to.balance, ok ? due : 0, "elsewhere");
        eq(till.owed(currency, doctor), ok ? 0 : due, "owed");
        eq(till.owed(currency, patient), amount - due, "the other's");
        vm.prank(by);
        (ok,) = address(till).call(abi.encodeCall(IRoyalty.withdrawTo, (currency, to)));
        isTrue(!ok, "not twice");
    }

    /// @dev The receiver of an asset of the patient and a contract, half and half.
    function tillWith(address payee) private returns (IRoyalty mine, Share[] memory split) {
        split = splitOf(patient, 5000, payee, 5000);
        bytes[] memory signatures = signaturesOf(CONTENT, 0, split, usualKeys());
        mine = IRoyalty(royalties.open(assets.enter(CONTENT, 0, split, signatures)));
    }
}

/// @notice Pays as Solidity's `transfer` does: the call gets the stipend of 2,300 gas and nothing else.
contract Stingy {
    function pay(address to) external payable {
        (bool ok,) = to.call{value: msg.value, gas: 0}("");
        require(ok, "out of gas");
    }
}
