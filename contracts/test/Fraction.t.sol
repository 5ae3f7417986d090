// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Ballot, IFraction} from "../src/IFraction.sol";
import {Fraction} from "./Faces.sol";
import {FractionStand} from "./FractionStand.sol";

/// @notice A vault's fractions as an ERC-20, and the election of its steward.
contract FractionTest is FractionStand {
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
