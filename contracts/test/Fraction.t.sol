// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Ballot, Buyout, IFraction} from "../src/IFraction.sol";
import {FractionTerms} from "../src/IFractions.sol";
import {Money} from "../src/Money.sol";
import {FractionFixture} from "./FractionFixture.sol";
import {Fraction} from "./Faces.sol";
import {Coin} from "./hostile/Coin.sol";
import {Receiver} from "./hostile/Receiver.sol";

/// @notice One vault: its fractions, its dividends, its steward's election, its buy-out.
contract FractionTest is FractionFixture {
    Fraction private f;

    function setUp() public override {
        super.setUp();
        f = fractionalise(terms(address(0)));
        vm.deal(address(this), 1000 ether);
        vm.deal(ann, 1000 ether);
        vm.deal(ben, 1000 ether);
    }

    function offered(address who, uint96 price) private {
        vm.prank(who);
        f.offer{value: uint256(price) * SUPPLY}(price);
    }

    function objects(address who) private {
        vm.prank(who);
        f.object();
    }

    function chooses(address who, address candidate) private {
        vm.prank(who);
        f.choose(candidate);
    }

    function unlocks(address who) private {
        vm.prank(who);
        f.unlock();
    }

    // Fractions are an ERC-20 token.

    function testFuzz_ATransferMovesFractions(uint256 units, bool toSelf) public {
        address to = toSelf ? patient : ann;
        bool fits = units <= SUPPLY;
        if (!fits) {
            vm.expectRevert(
                abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, patient, SUPPLY, units)
            );
        } else {
            vm.expectEmit(true, true, true, true, address(f));
            emit IERC20.Transfer(patient, to, units);
        }
        vm.prank(patient);
        f.transfer(to, units);
        eq(f.balanceOf(patient), fits && !toSelf ? SUPPLY - units : SUPPLY, "from");
        eq(f.balanceOf(ann), fits && !toSelf ? units : 0, "to");
    }

    function test_FractionsAreNotLostInTheVaultOrZero() public {
        wants(IERC20Errors.ERC20InvalidReceiver.selector, address(0));
        vm.prank(patient);
        f.transfer(address(0), 1);
        wants(IERC20Errors.ERC20InvalidReceiver.selector, address(f));
        vm.prank(patient);
        f.transfer(address(f), 1);
    }

    function testFuzz_AnAllowanceIsUsedUp(uint256 allowed, uint32 units) public {
        units %= SUPPLY + 1;
        vm.expectEmit(true, true, true, true, address(f));
        emit IERC20.Approval(patient, ann, allowed);
        vm.prank(patient);
        isTrue(f.approve(ann, allowed), "approved");
        bool enough = units <= allowed;
        if (!enough) {
            vm.expectRevert(
                abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, ann, allowed, units)
            );
        }
        vm.prank(ann);
        f.transferFrom(patient, ben, units);
        bool endless = allowed == type(uint256).max;
        eq(f.allowance(patient, ann), enough && !endless ? allowed - units : allowed, "allowance");
        eq(f.balanceOf(ben), enough ? units : 0, "moved");
    }

    function test_AnAllowanceCanBeUsedWhole() public {
        vm.prank(patient);
        f.approve(ann, 5);
        vm.prank(ann);
        f.transferFrom(patient, ben, 5);
        eq(f.allowance(patient, ann), 0, "allowance");
        eq(f.balanceOf(ben), 5, "moved");
    }

    function test_AnEndlessAllowanceStays() public {
        vm.prank(patient);
        f.approve(ann, type(uint256).max);
        vm.prank(ann);
        isTrue(f.transferFrom(patient, ben, 5), "moved");
        eq(f.allowance(patient, ann), type(uint256).max, "allowance");
        wants(IERC20Errors.ERC20InvalidSpender.selector, address(0));
        vm.prank(patient);
        f.approve(address(0), 1);
    }

    // Permits (EIP-2612).

    function permitDigest(address owner, address spender, uint256 value, uint256 nonce, uint256 end)
        private
        view
        returns (bytes32)
    {
        bytes32 typeHash =
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        return digest(address(f), keccak256(abi.encode(typeHash, owner, spender, value, nonce, end)));
    }

    function permit(uint256 key, bytes32 toSign, uint256 value, uint256 end) private {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, toSign);
        f.permit(patient, ann, value, end, v, r, s);
    }

    function testFuzz_APermitIsUsedOnce(uint256 value) public {
        bytes32 toSign = permitDigest(patient, ann, value, 0, START);
        permit(PATIENT_KEY, toSign, value, START);
        eq(f.allowance(patient, ann), value, "allowance");
        eq(f.nonces(patient), 1, "nonce");
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(PATIENT_KEY, toSign);
        wants(IFraction.BadSignature.selector, patient);
        f.permit(patient, ann, value, START, v, r, s);
    }

    function test_APermitEnds() public {
        vm.warp(START + 1);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(PATIENT_KEY, permitDigest(patient, ann, 1, 0, START));
        wants(IFraction.Ended.selector, START);
        f.permit(patient, ann, 1, START, v, r, s);
    }

    function test_APermitIsTheOwnersAndWhole() public {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(OTHER_KEY, permitDigest(patient, ann, 1, 0, START));
        wants(IFraction.BadSignature.selector, patient);
        f.permit(patient, ann, 1, START, v, r, s);
        // Nobody at all signed, and the owner is zero.
        wants(IFraction.BadSignature.selector, address(0));
        f.permit(address(0), ann, 1, START, 0, r, s);
        // High s (EIP-2).
        (v, r, s) = vm.sign(PATIENT_KEY, permitDigest(patient, ann, 1, 0, START));
        s = bytes32(0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141 - uint256(s));
        wants(IFraction.BadSignature.selector, patient);
        f.permit(patient, ann, 1, START, v == 27 ? 28 : 27, r, s);
    }

    function test_APermitIsForOneVaultAndChain() public {
        isTrue(f.DOMAIN_SEPARATOR() == domainOf(address(f)), "by the clone's address");
        vm.chainId(4242);
        isTrue(f.DOMAIN_SEPARATOR() == domainOf(address(f)), "by the chain it is on now");
    }

    function domainOf(address verifier) private view returns (bytes32) {
        bytes32 typeHash =
            keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
        return keccak256(abi.encode(typeHash, keccak256("SINSO"), keccak256("1"), block.chainid, verifier));
    }

    // Dividends.

    function test_ADividendIsForWhoHoldsAtTheTime() public {
        shareOut(f);
        vm.expectEmit(true, true, true, true, address(f));
        emit IFraction.Collected(3);
        f.deposit{value: 3999}(3999);
        eq(f.owed(patient), 1200, "patient: 400 x 3");
        give(f, patient, ann, 400);
        eq(f.owed(patient), 1200, "what was earned stays with who held");
        eq(f.owed(ann), 1050, "ann: 350 x 3");
        f.deposit{value: 1001}(1001);
        eq(f.owed(patient), 1200, "patient has none now");
        eq(f.owed(ann), 1050 + 1500, "999 were carried on: 2000 / 1000 for each of 750");
        eq(f.owed(ben), 750 + 500, "ben");
    }

    function test_AClaimPaysOnce() public {
        shareOut(f);
        f.deposit{value: 5000}(5000);
        vm.expectEmit(true, true, true, true, address(f));
        emit IFraction.Withdrawn(patient, patient, 2000);
        f.withdraw(patient);
        eq(patient.balance, 2000, "patient");
        wants(IFraction.NothingOwed.selector, patient);
        f.withdraw(patient);
        vm.prank(ann);
        f.withdrawTo(other);
        eq(other.balance, 1750, "ann, to another");
        wants(IFraction.NothingOwed.selector, address(0xDEAD));
        f.withdraw(address(0xDEAD));
        eq(address(f).balance, 1250, "ben's");
    }

    function test_PlainMoneyBecomesADividend() public {
        (bool ok,) = address(f).call{value: 2500}("");
        isTrue(ok, "taken");
        eq(f.owed(patient), 0, "not yet");
        f.collect();
        eq(f.owed(patient), 2000, "patient");
        wants(IFraction.NothingToCollect.selector);
        f.collect();
        vm.deal(address(f), address(f).balance + 499);
        wants(IFraction.NothingToCollect.selector);
        f.collect();
        vm.deal(address(f), address(f).balance + 1);
        f.collect();
        eq(f.owed(patient), 3000, "the carried 500 and 500");
    }

    /// Whatever comes is divided among who holds then, to the wei, and goes where its holder says, whole and once.
    function testFuzz_WhatComesIsDividedAndGoesWhereItsHolderSays(
        uint88[3] memory came,
        uint32[3] memory given,
        address by,
        bool itself
    ) public {
        uint256 perFraction = 0;
        uint256 anns = 0;
        uint256 all = 0;
        for (uint256 i = 0; i < 3; ++i) {
            give(f, patient, ann, given[i] % (f.balanceOf(patient) + 1));
            (bool ok,) = address(f).call{value: came[i] % 300 ether}("");
            isTrue(ok, "taken");
            all += came[i] % 300 ether;
            uint256 next = all / SUPPLY; // of all that came: what did not divide is carried on
            (ok,) = address(f).call(abi.encodeCall(IFraction.collect, ()));
            isTrue(ok == (next != perFraction), "divided");
            anns += (next - perFraction) * f.balanceOf(ann);
            perFraction = next;
            eq(f.owed(ann), anns, "by what she held then");
            eq(f.owed(ann) + f.owed(patient), perFraction * SUPPLY, "all that divides");
        }
        if (itself) by = ann;
        if (by == patient) return;
        address to = address(uint160(uint256(keccak256(abi.encode(by)))));
        vm.prank(by);
        (bool paid,) = address(f).call(abi.encodeCall(IFraction.withdrawTo, (to)));
        isTrue(paid == (by == ann && anns != 0), "her own word");
        eq(to.balance, paid ? anns : 0, "elsewhere");
        eq(f.owed(ann), anns - to.balance, "owed");
        eq(address(f).balance, all - to.balance, "the rest is here");
        vm.prank(by);
        (paid,) = address(f).call(abi.encodeCall(IFraction.withdrawTo, (to)));
        isTrue(!paid, "not twice");
    }

    /// A token of an absurd supply: what a fraction cannot have any more waits, and what came before is taken.
    function test_AFractionHasSoMuchAndNoMore() public {
        vm.prank(patient);
        f.reunite();
        FractionTerms memory t = terms(address(0));
        t.supply = 1;
        f = fractionalise(t);
        uint256 most = type(uint96).max;
        vm.deal(address(f), most - 5);
        f.collect();
        f.withdraw(patient);
        vm.deal(address(f), 700);
        f.collect();
        eq(f.owed(patient), 5, "what it can have still");
        f.withdraw(patient);
        eq(patient.balance, most, "paid");
        wants(IFraction.NothingToCollect.selector);
        f.collect();
        vm.prank(patient);
        f.reunite();
        f.collect();
        eq(f.owed(patient), 695, "with no fraction left it is who has the asset's");
    }

    function test_TooMuchIsTakenInByParts() public {
        vm.deal(address(f), uint256(1) << 97);
        f.collect();
        uint256 whole = uint256(type(uint96).max) / SUPPLY * SUPPLY;
        eq(f.owed(patient), whole, "the most there can be");
        wants(IFraction.NothingToCollect.selector);
        f.collect();
        f.withdraw(patient);
        eq(patient.balance, whole, "is paid");
    }

    function test_NothingIsMovedFromNobody() public {
        vm.expectRevert(abi.encodeWithSignature("ERC20InvalidSender(address)", address(0)));
        f.transferFrom(address(0), patient, 0);
    }

    function test_TheMoneySentIsTheMoneyOfTheCall() public {
        vm.expectRevert(abi.encodeWithSelector(Money.WrongValue.selector, 999, 1000));
        f.deposit{value: 999}(1000);
    }

    function testFuzz_DividendsAreExact(uint64[6] calldata amounts, uint32[6] calldata moves) public {
        address[3] memory who = [patient, ann, ben];
        uint256[3] memory has = [uint256(SUPPLY), 0, 0];
        uint256[3] memory earned;
        uint256 carry;
        for (uint256 i = 0; i < amounts.length; ++i) {
            uint256 all = carry + amounts[i];
            vm.deal(address(this), amounts[i]);
            if (all < SUPPLY) {
                (bool ok,) = address(f).call{value: amounts[i]}("");
                isTrue(ok, "sent");
                carry = all;
            } else {
                f.deposit{value: amounts[i]}(amounts[i]);
                carry = all % SUPPLY;
                for (uint256 j = 0; j < 3; ++j) {
                    earned[j] += has[j] * (all / SUPPLY);
                }
            }
            (uint256 from, uint256 to) = (moves[i] % 3, moves[i] / 3 % 3);
            uint256 units = moves[i] / 9 % (has[from] + 1);
            give(f, who[from], who[to], units);
            has[from] -= units;
            has[to] += units;
        }
        for (uint256 j = 0; j < 3; ++j) {
            eq(f.owed(who[j]), earned[j], "owed");
            uint256 before = who[j].balance;
            if (earned[j] != 0) f.withdraw(who[j]);
            eq(who[j].balance - before, earned[j], "paid");
        }
        eq(address(f).balance, carry, "what is left does not divide");
    }

    function test_APayeeThatRefusesHarmsItselfAlone() public {
        Receiver stubborn = new Receiver();
        give(f, patient, address(stubborn), 500);
        f.deposit{value: 1000}(1000);
        stubborn.refuse(true);
        wants(Money.PaymentRefused.selector, address(stubborn));
        f.withdraw(address(stubborn));
        f.withdraw(patient);
        eq(f.owed(address(stubborn)), 500, "still owed");
        stubborn.run(address(f), 0, abi.encodeCall(IFraction.withdrawTo, (other)));
        eq(other.balance, 500, "to another");
    }

    function test_APayeeThatCallsBackGetsNoMore() public {
        Receiver thief = new Receiver();
        give(f, patient, address(thief), 500);
        f.deposit{value: 1000}(1000);
        thief.reenter(address(f), abi.encodeCall(IFraction.withdraw, (address(thief))));
        f.withdraw(address(thief));
        eq(address(thief).balance, 500, "thief");
        eq(thief.reentered(), 0, "calls back that worked");
    }

    // Dividends in a token.

    function tokenVault(Coin.Habit habit) private {
        coin = new Coin(habit);
        vm.prank(patient);
        f.reunite();
        f = fractionalise(terms(address(coin)));
        coin.mint(address(this), 1e9);
        coin.approve(address(f), 1e9);
    }

    function test_TokensAreDividendsToo() public {
        tokenVault(Coin.Habit.Plain);
        f.deposit(1500);
        coin.transfer(address(f), 500);
        f.collect();
        f.withdraw(patient);
        eq(coin.balanceOf(patient), 2000, "patient");
        vm.expectRevert(abi.encodeWithSelector(Money.WrongValue.selector, 1, 0));
        f.deposit{value: 1}(1500);
        (bool ok, bytes memory why) = address(f).call{value: 1}("");
        isTrue(!ok && bytes4(why) == IFraction.WrongCurrency.selector, "the chain's money is refused");
    }

    function test_ATokenThatReturnsNothingIsTaken() public {
        tokenVault(Coin.Habit.ReturnsNothing);
        f.deposit(1000);
        f.withdraw(patient);
        eq(coin.balanceOf(patient), 1000, "patient");
    }

    function test_AnOfferOfATokenIsTakenAndComesBack() public {
        tokenVault(Coin.Habit.Plain);
        f.offer(5);
        eq(coin.balanceOf(address(f)), 5000, "put down");
        objects(patient);
        f.withdraw(address(this));
        eq(coin.balanceOf(address(this)), 1e9, "back");
    }

    function test_ATokenThatTakesAFeeIsRefusedByName() public {
        tokenVault(Coin.Habit.TakesAFee);
        vm.expectRevert(abi.encodeWithSelector(Money.NotWhole.selector, f.currency(), 9900, 10_000));
        f.deposit(10_000);
    }

    function test_ATokenThatShrinksMakesNoNewDividend() public {
        tokenVault(Coin.Habit.Plain);
        f.deposit(5000);
        coin.shrink(address(f), 1000);
        wants(IFraction.NothingToCollect.selector);
        f.collect();
        eq(f.owed(patient), 5000, "owed as before");
    }

    function test_ATokenThatCallsBackCannotMakeAnOfferADividend() public {
        tokenVault(Coin.Habit.CallsBack);
        give(f, patient, ann, 1);
        coin.mint(address(f), 700);
        coin.reenter(address(f), abi.encodeCall(IFraction.collect, ()));
        f.offer(5);
        eq(coin.reentered(), 0, "no collecting while the offer is not here");
        eq(f.owed(patient) + f.owed(ann), 0, "nothing divided");
        coin.mint(address(f), 300);
        f.collect();
        eq(f.owed(patient), 999, "but what came in");
    }

    // Locked fractions, and the steward's election.

    function test_MoreThanHalfChooseTheSteward() public {
        shareOut(f);
        give(f, patient, ben, 50); // 350 each of patient and ann, 300 of ben
        vm.expectEmit(true, true, true, true, address(f));
        emit IFraction.Chosen(other, ann, 350);
        chooses(ann, other);
        eq(f.steward(), steward, "not yet");
        eq(f.chosen(other), 350, "counted");
        vm.expectEmit(true, true, true, true, address(f));
        emit IFraction.StewardChanged(other);
        chooses(ben, other);
        eq(f.steward(), other, "650 of 1000");
        eq(f.chosen(other), 0, "the next election begins");
        eq(f.chosen(address(0)), 0, "zero is no candidate");
    }

    function test_HalfIsNotMoreThanHalf() public {
        give(f, patient, ann, 500);
        chooses(ann, other);
        eq(f.steward(), steward, "500 of 1000");
        give(f, patient, ann, 1);
        chooses(ann, other);
        eq(f.steward(), other, "501 of 1000");
    }

    function test_OnlyHoldersChoose() public {
        wants(IFraction.NoFractions.selector, ann);
        chooses(ann, other);
        wants(IFraction.NoSteward.selector);
        chooses(patient, address(0));
        offered(ann, 1);
        wants(IFraction.NoFractions.selector, ann);
        objects(ann);
    }

    function test_CountedFractionsAreLocked() public {
        shareOut(f);
        chooses(ann, other);
        give(f, patient, ann, 10);
        eq(f.lockedOf(ann), 350, "locked");
        Ballot memory b = f.ballotOf(ann);
        eq(b.candidate, other, "for");
        eq(b.until, START + f.LOCK(), "until");
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, ann, 10, 11));
        vm.prank(ann);
        f.transfer(ben, 11);
        give(f, ann, ben, 10);
        vm.warp(START + 1 days);
        wants(IFraction.TooEarly.selector, START + 1 days);
        unlocks(ann);
        vm.warp(START + 1 days + 1);
        vm.expectEmit(true, true, true, true, address(f));
        emit IFraction.Unlocked(ann, 350);
        unlocks(ann);
        eq(f.chosen(other), 0, "taken back");
        eq(f.lockedOf(ann), 0, "free");
        eq(f.ballotOf(ann).candidate, address(0), "for nobody");
        eq(f.ballotOf(ann).until, 0, "no time");
        give(f, ann, ben, 350);
        wants(IFraction.NothingLocked.selector, ann);
        unlocks(ann);
    }

    function test_NoFractionIsCountedTwice() public {
        shareOut(f);
        chooses(ann, other);
        chooses(ann, other);
        eq(f.chosen(other), 350, "again is not twice");
        chooses(ann, doctor);
        eq(f.chosen(other), 0, "counted for one candidate");
        eq(f.chosen(doctor), 350, "the last");
        offered(buyer, 1);
        objects(ann);
        eq(f.chosen(doctor), 0, "counted for the objection now");
        eq(f.objected(), 350, "objected");
        vm.warp(START + 2 days);
        unlocks(ann);
        eq(f.objected(), 0, "taken back");
        give(f, ann, ben, 350);
        chooses(ben, doctor);
        eq(f.steward(), doctor, "moved, and counted for who has them");
    }

    function test_LockedFractionsKeepEarning() public {
        shareOut(f);
        offered(buyer, 1);
        objects(ann);
        f.deposit{value: 10_000}(10_000);
        f.withdraw(ann);
        eq(ann.balance, 1000 ether + 3500, "ann");
    }

    /// A lender that wants its fractions back in the same transaction does not get them.
    function test_LoanedFractionsDecideNothing() public {
        Lender lender = new Lender(f);
        give(f, patient, address(lender), 900);
        Borrower borrower = new Borrower(f);
        vm.expectRevert();
        lender.lend(borrower, abi.encodeCall(IFraction.choose, (address(borrower))));
        offered(buyer, 1);
        vm.warp(START + 7 days);
        vm.expectRevert();
        lender.lend(borrower, abi.encodeCall(IFraction.object, ()));
        eq(f.steward(), steward, "steward");
        eq(f.buyout().bidder, buyer, "the offer stands");
        lender.lend(borrower, abi.encodeCall(IFraction.owed, (buyer)));
        eq(f.balanceOf(address(lender)), 900, "a loan that locks nothing is fine");
    }

    /// @dev What a holder's fractions were counted for last.
    struct Counted {
        bool objects;
        address candidate;
        uint256 round;
        uint256 until;
        uint256 units;
    }

    /// @dev What is to be so after each act, by the text of the rules.
    struct Model {
        Counted[3] last; // of patient, ann and ben
        uint256 election;
        uint256 buyouts;
        uint256 endsAt;
        bool delayed;
        address steward;
    }

    /// Whoever does what and when: a fraction is counted once, for what it was used for last, and locked as long as it is.
    function testFuzz_EachFractionIsCountedForItsLastUse(
        uint16[16] memory acts,
        uint16[16] memory units,
        uint24[16] memory waits
    ) public {
        Model memory m;
        m.steward = steward;
        shareOut(f);
        bids(m);
        uint256 clock = START;
        for (uint256 i = 0; i < acts.length; ++i) {
            clock += waits[i] % 40 hours;
            vm.warp(clock);
            uint256 who = (acts[i] >> 8) % 3;
            if (acts[i] % 4 == 0) chooseOf(m, who, acts[i] & 16 == 0 ? other : doctor);
            if (acts[i] % 4 == 1) objectOf(m, who);
            if (acts[i] % 4 == 2) unlockOf(m, who);
            if (acts[i] % 4 == 3) giveOf(m, who, units[i] % 500);
            isAsCounted(m);
        }
    }

    function holder(uint256 i) private view returns (address) {
        return i == 0 ? patient : i == 1 ? ann : ben;
    }

    function bids(Model memory m) private {
        offered(buyer, 1);
        (m.buyouts, m.endsAt, m.delayed) = (m.buyouts + 1, block.timestamp + 7 days, false);
    }

    function doneBy(uint256 who, bytes memory data) private returns (bool ok) {
        vm.prank(holder(who));
        (ok,) = address(f).call(data);
    }

    function chooseOf(Model memory m, uint256 who, address candidate) private {
        uint256 units = f.balanceOf(holder(who));
        bool ok = doneBy(who, abi.encodeCall(IFraction.choose, (candidate)));
        isTrue(ok == (units != 0), "who has fractions chooses");
        if (!ok) return;
        m.last[who] = Counted(false, candidate, m.election, block.timestamp + 1 days, units);
        if (2 * sumOf(m, false, candidate) <= SUPPLY) return;
        (m.steward, m.election) = (candidate, m.election + 1);
    }

    function objectOf(Model memory m, uint256 who) private {
        uint256 units = f.balanceOf(holder(who));
        bool ok = doneBy(who, abi.encodeCall(IFraction.object, ()));
        isTrue(ok == (units != 0 && block.timestamp <= m.endsAt), "who has fractions objects in time");
        if (!ok) return;
        m.last[who] = Counted(true, address(0), m.buyouts, block.timestamp + 1 days, units);
        uint256 sum = sumOf(m, true, address(0));
        if (2 * sum > SUPPLY) {
            eq(f.buyout().bidder, address(0), "more than half make it fail");
            bids(m);
        } else if (10 * sum >= SUPPLY && !m.delayed) {
            m.delayed = true;
            if (m.endsAt < block.timestamp + 30 days) m.endsAt = block.timestamp + 30 days;
        }
    }

    function unlockOf(Model memory m, uint256 who) private {
        Counted memory c = m.last[who];
        bool ok = doneBy(who, abi.encodeCall(IFraction.unlock, ()));
        isTrue(ok == (c.units != 0 && block.timestamp > c.until), "what is locked is free after its time");
        if (ok) delete m.last[who];
    }

    function giveOf(Model memory m, uint256 who, uint256 units) private {
        uint256 free = f.balanceOf(holder(who)) - m.last[who].units;
        bool ok = doneBy(who, abi.encodeCall(IERC20.transfer, (holder((who + 1) % 3), units)));
        isTrue(ok == (units <= free), "what is not locked moves");
    }

    /// @dev The fractions that are counted for an objection, or a candidate, of this moment.
    function sumOf(Model memory m, bool objects_, address candidate) private pure returns (uint256 sum) {
        for (uint256 i = 0; i < 3; ++i) {
            Counted memory c = m.last[i];
            if (c.objects != objects_ || c.candidate != candidate) continue;
            if (c.round == (objects_ ? m.buyouts : m.election)) sum += c.units;
        }
    }

    function isAsCounted(Model memory m) private view {
        eq(f.objected(), sumOf(m, true, address(0)), "objected");
        eq(f.chosen(other), sumOf(m, false, other), "chosen");
        eq(f.chosen(doctor), sumOf(m, false, doctor), "chosen");
        eq(f.steward(), m.steward, "steward");
        eq(f.buyout().number, m.buyouts, "buy-out");
        eq(f.buyout().endsAt, m.endsAt, "end");
        isTrue(f.buyout().delayed == m.delayed, "put off");
        for (uint256 i = 0; i < 3; ++i) {
            eq(f.lockedOf(holder(i)), m.last[i].units, "locked");
            eq(f.ballotOf(holder(i)).until, m.last[i].until, "until");
        }
    }

    // The buy-out.

    function test_AnOfferThatStandsBuysTheAsset() public {
        shareOut(f);
        vm.expectEmit(true, true, true, true, address(f));
        emit IFraction.Offered(1, buyer, 7, START + 7 days);
        offered(buyer, 7);
        eq(address(f).balance, 7000, "put down");
        vm.warp(START + 7 days);
        wants(IFraction.TooEarly.selector, START + 7 days);
        f.close();
        vm.warp(START + 7 days + 1);
        vm.expectEmit(true, true, true, true, address(f));
        emit IFraction.Closed(buyer, 7);
        f.close();
        eq(assets.ownerOf(id), buyer, "asset");
        wants(IFraction.NoOffer.selector);
        f.close();
        vm.expectEmit(true, true, true, true, address(f));
        emit IERC20.Transfer(ann, address(0), 350);
        vm.expectEmit(true, true, true, true, address(f));
        emit IFraction.Redeemed(ann, 350);
        vm.expectEmit(true, true, true, true, address(f));
        emit IFraction.Withdrawn(ann, other, 2450);
        vm.prank(ann);
        f.redeem(other);
        eq(other.balance, 2450, "ann's price");
        eq(f.totalSupply(), 650, "given up");
        eq(f.balanceOf(ann), 0, "ann's fractions");
        wants(IFraction.NoFractions.selector, ann);
        vm.prank(ann);
        f.redeem(ann);
        give(f, ben, patient, 250);
        vm.prank(patient);
        f.redeem(patient);
        eq(patient.balance, 4550, "patient, with those of ben");
        eq(address(f).balance, 0, "all is paid");
    }

    function test_RedeemingPaysDividendsToo() public {
        shareOut(f);
        f.deposit{value: 2000}(2000);
        offered(buyer, 7);
        vm.warp(START + 8 days);
        f.close();
        vm.prank(patient);
        f.redeem(patient);
        eq(patient.balance, 400 * 9, "price and dividend");
    }

    function test_LockedFractionsAreRedeemed() public {
        shareOut(f);
        offered(buyer, 7);
        objects(ann);
        vm.warp(START + 31 days);
        f.close();
        vm.prank(ann);
        f.redeem(other);
        eq(other.balance, 2450, "ann");
        eq(f.lockedOf(ann), 0, "not locked");
        wants(IFraction.NothingLocked.selector, ann);
        unlocks(ann);
    }

    function test_NothingIsRedeemedBefore() public {
        wants(IFraction.NotClosed.selector);
        vm.prank(patient);
        f.redeem(patient);
        wants(IFraction.NoOffer.selector);
        f.close();
        wants(IFraction.NoOffer.selector);
        objects(patient);
        wants(IFraction.TooLow.selector, 1);
        offered(buyer, 0);
    }

    function test_AHigherOfferReplaces() public {
        give(f, patient, ann, 1);
        offered(buyer, 100);
        wants(IFraction.TooLow.selector, 105);
        offered(ann, 104);
        vm.warp(START + 6 days + 1);
        vm.expectEmit(true, true, true, true, address(f));
        emit IFraction.Offered(1, ann, 105, START + 7 days + 1);
        offered(ann, 105);
        eq(f.owed(buyer), 100_000, "owed back");
        f.withdraw(buyer);
        eq(buyer.balance, 1000 ether, "whole");
        vm.warp(START + 7 days + 1);
        wants(IFraction.TooLow.selector, 111); // 110.25
        offered(buyer, 110);
        offered(buyer, 111);
        eq(f.buyout().endsAt, START + 8 days + 1, "another day");
        vm.warp(START + 8 days + 2);
        wants(IFraction.TooLate.selector, START + 8 days + 1);
        offered(ann, 1000);
    }

    function test_AnEarlyHigherOfferShortensNothing() public {
        offered(buyer, 100);
        offered(ann, 200);
        eq(f.buyout().endsAt, START + 7 days, "end");
    }

    function test_OneWeiIsRaisedToTwo() public {
        offered(buyer, 1);
        wants(IFraction.TooLow.selector, 2);
        offered(ann, 1);
        offered(ann, 2);
        offered(buyer, 20);
        offered(ann, 21);
    }

    function test_MoreThanHalfMakeItFail() public {
        shareOut(f);
        offered(buyer, 100);
        vm.expectEmit(true, true, true, true, address(f));
        emit IFraction.Objected(1, ann, 350);
        objects(ann);
        vm.warp(START + 1 days);
        vm.expectEmit(true, true, true, true, address(f));
        emit IFraction.Failed(1);
        objects(ben);
        eq(f.owed(buyer), 100_000, "owed back");
        eq(f.buyout().bidder, address(0), "no offer");
        eq(f.buyout().pricePerFraction, 0, "no price");
        wants(IFraction.NoOffer.selector);
        objects(patient);
        offered(buyer, 1);
        eq(f.objected(), 0, "a new buy-out, objected to by nobody");
        eq(f.buyout().number, 2, "number");
        eq(f.buyout().endsAt, START + 8 days, "a whole window");
        isTrue(!f.buyout().delayed, "not put off");
        objects(ann);
        objects(ben);
        eq(f.buyout().bidder, address(0), "fractions that are locked still object to it");
        vm.warp(START + 3 days);
        unlocks(ann);
        give(f, ann, ben, 350);
    }

    function test_HalfDoesNotMakeItFail() public {
        give(f, patient, ann, 500);
        offered(buyer, 1);
        objects(ann);
        eq(f.buyout().bidder, buyer, "500 of 1000");
        give(f, patient, ann, 1);
        objects(ann);
        eq(f.buyout().bidder, address(0), "501 of 1000");
    }

    function test_ATenthPutsTheEndOffOnce() public {
        give(f, patient, ann, 100);
        give(f, patient, ben, 99);
        offered(buyer, 100);
        objects(ben);
        eq(f.buyout().endsAt, START + 7 days, "99 of 1000 are too few");
        vm.warp(START + 7 days);
        vm.expectEmit(true, true, true, true, address(f));
        emit IFraction.Delayed(1, START + 37 days);
        objects(ann);
        eq(f.buyout().endsAt, START + 37 days, "put off");
        isTrue(f.buyout().delayed, "is put off");
        vm.warp(START + 20 days);
        objects(ann);
        eq(f.buyout().endsAt, START + 37 days, "once");
        vm.warp(START + 37 days);
        offered(ann, 105);
        eq(f.buyout().endsAt, START + 38 days, "a higher offer still has its day");
        objects(ben);
        eq(f.buyout().endsAt, START + 38 days, "still once");
        vm.warp(START + 38 days + 1);
        wants(IFraction.TooLate.selector, START + 38 days);
        objects(patient);
        f.close();
        eq(assets.ownerOf(id), ann, "nobody is held for ever");
    }

    function test_ATenthAloneIsEnough() public {
        give(f, patient, ann, 100);
        offered(buyer, 100);
        objects(ann);
        eq(f.buyout().endsAt, START + 30 days, "100 of 1000");
    }

    function test_TheNextBuyoutCanBePutOffAgain() public {
        offered(buyer, 100);
        give(f, patient, ann, 100);
        objects(ann);
        objects(patient);
        offered(buyer, 100);
        objects(ann);
        eq(f.buyout().endsAt, START + 30 days, "put off");
        isTrue(f.buyout().delayed, "again");
    }

    function test_WhoHoldsAllTakesTheAsset() public {
        f.deposit{value: 1999}(1999);
        offered(buyer, 100);
        objects(patient); // fails; all is locked
        offered(buyer, 200);
        give(f, patient, patient, 0);
        vm.expectEmit(true, true, true, true, address(f));
        emit IFraction.Closed(patient, 0);
        vm.prank(patient);
        f.reunite();
        eq(assets.ownerOf(id), patient, "asset");
        eq(f.owed(buyer), 300_000, "both offers are owed back");
        eq(f.totalSupply(), 0, "no fractions");
        wants(IFraction.IsClosed.selector);
        vm.prank(patient);
        f.reunite();
        wants(IFraction.IsClosed.selector);
        offered(buyer, 1000);
        wants(IFraction.IsClosed.selector);
        chooses(patient, other);
        wants(IFraction.NoOffer.selector);
        objects(patient);
        wants(IFraction.NoFractions.selector, patient);
        vm.prank(patient);
        f.redeem(patient);
        eq(f.owed(patient), 1000, "the dividend");
        // What did not divide, and what comes later, is of who took the asset.
        f.collect();
        eq(f.owed(patient), 1999, "and the rest");
        f.withdraw(patient);
        f.withdraw(buyer);
        eq(address(f).balance, 0, "nothing stays");
    }

    /// Who holds all takes the asset until an offer has won; one fraction less, or a second later, and nobody does.
    function testFuzz_OnlyWhoHoldsAllTakesTheAsset(uint32 given, bool all, uint80 price, uint24 took) public {
        given = all ? 0 : given % (SUPPLY + 1);
        give(f, patient, ann, given);
        if (price != 0) {
            vm.deal(buyer, uint256(price) * SUPPLY);
            offered(buyer, price);
        }
        took = uint24(around(7 days, took, 14 days));
        vm.warp(START + took);
        vm.prank(patient);
        (bool ok,) = address(f).call(abi.encodeCall(IFraction.reunite, ()));
        isTrue(ok == (given == 0 && (price == 0 || took <= 7 days)), "taken");
        eq(assets.ownerOf(id), ok ? patient : address(f), "asset");
        eq(f.totalSupply(), ok ? 0 : SUPPLY, "supply");
        eq(f.owed(buyer), ok ? uint256(price) * SUPPLY : 0, "the offer is owed back");
        eq(f.buyout().bidder, ok ? patient : price == 0 ? address(0) : buyer, "who has it or bids");
    }

    function test_AllButOneIsNotAll() public {
        give(f, patient, ann, 1);
        vm.expectRevert(abi.encodeWithSelector(IFraction.NotAll.selector, 999, 1000));
        vm.prank(patient);
        f.reunite();
    }

    function test_WhoHoldsAllComesTooLateForAWonOffer() public {
        offered(buyer, 100);
        vm.warp(START + 7 days + 1);
        wants(IFraction.TooLate.selector, START + 7 days);
        vm.prank(patient);
        f.reunite();
        f.close();
        vm.prank(patient);
        f.redeem(patient);
        eq(patient.balance, 100_000, "has its price");
    }

    function test_WhoHoldsAllIsInTimeToTheLastSecond() public {
        offered(buyer, 100);
        vm.warp(START + 7 days);
        vm.prank(patient);
        f.reunite();
        eq(assets.ownerOf(id), patient, "asset");
    }

    function test_LateMoneyIsOfWhoHasNotRedeemed() public {
        shareOut(f);
        offered(buyer, 7);
        vm.warp(START + 8 days);
        f.close();
        vm.prank(ann);
        f.redeem(ann);
        f.deposit{value: 1300}(1300);
        eq(f.owed(ben), 500, "2 for each of 650 fractions");
        vm.prank(patient);
        f.redeem(patient);
        vm.prank(ben);
        f.redeem(ben);
        f.deposit{value: 99}(99);
        eq(f.owed(buyer), 99, "with no fractions left, of who has the asset");
        f.withdraw(buyer);
        eq(address(f).balance, 0, "nothing stays");
    }

    function test_AnOfferThatDoesNotFitIsRefused() public {
        uint96 price = type(uint96).max / SUPPLY + 1;
        vm.deal(ann, type(uint128).max);
        wants(IFraction.TooMuch.selector, uint256(price) * SUPPLY);
        offered(ann, price);
        offered(ann, price - 1);
        vm.warp(START + 8 days);
        f.close();
        vm.prank(patient);
        f.redeem(patient);
        eq(patient.balance, uint256(price - 1) * SUPPLY, "the most there can be is paid");
    }

    function test_TheLargestOfferThatFitsIsTaken() public {
        vm.prank(patient);
        f.reunite();
        FractionTerms memory t = terms(address(0));
        t.supply = 1;
        f = fractionalise(t);
        vm.deal(ann, type(uint96).max);
        vm.prank(ann);
        f.offer{value: type(uint96).max}(type(uint96).max);
        eq(f.buyout().pricePerFraction, type(uint96).max, "price");
    }

    function test_AnOfferIsPaidInFull() public {
        vm.expectRevert(abi.encodeWithSelector(Money.WrongValue.selector, 999, 1000));
        vm.prank(ann);
        f.offer{value: 999}(1);
    }

    /// Anyone can offer, whatever the price: who redeems gets it to the wei.
    function testFuzz_TheWinnerPaysEachFraction(uint80 price, uint32 a, uint32 b) public {
        vm.assume(price != 0);
        a %= SUPPLY + 1;
        b %= SUPPLY + 1 - a;
        give(f, patient, ann, a);
        give(f, patient, ben, b);
        vm.deal(buyer, uint256(price) * SUPPLY);
        offered(buyer, price);
        vm.warp(START + 8 days);
        f.close();
        address[3] memory who = [patient, ann, ben];
        for (uint256 i = 0; i < 3; ++i) {
            uint256 units = f.balanceOf(who[i]);
            if (units == 0) continue;
            address to = address(uint160(0x7000 + i));
            vm.prank(who[i]);
            f.redeem(to);
            eq(to.balance, units * price, "price");
        }
        eq(address(f).balance, 0, "all");
    }

    receive() external payable {}
}

/// @notice Lends all its fractions for one call.
contract Lender {
    Fraction private immutable F;

    constructor(Fraction f) {
        F = f;
    }

    function lend(Borrower to, bytes calldata call_) external {
        uint256 units = F.balanceOf(address(this));
        F.transfer(address(to), units);
        to.use(call_, units);
        require(F.balanceOf(address(this)) == units, "not given back");
    }
}

/// @notice Uses borrowed fractions, and gives them back by all means it has.
contract Borrower {
    Fraction private immutable F;

    constructor(Fraction f) {
        F = f;
    }

    function use(bytes calldata call_, uint256 units) external {
        (bool ok,) = address(F).call(call_);
        require(ok, "use");
        (ok,) = address(F).call(abi.encodeCall(IFraction.unlock, ()));
        F.transfer(msg.sender, units);
    }
}
