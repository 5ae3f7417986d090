// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Contribution, Entry, ICompany, Kind, Motion} from "../src/ICompany.sol";
import {CompanyFixture} from "./CompanyFixture.sol";
import {Companies} from "./Faces.sol";

/// @notice What holders of a company decide, by whose votes, and when.
contract CompanyMotionsTest is CompanyFixture {
    uint256 private constant NEW_KEY = 0x4E3;

    // Votes.

    function test_AMemberVotesForItselfUntilItDelegates() public {
        eq(c.delegates(ann), ann, "itself");
        eq(c.delegates(address(0)), address(0), "zero");
        vm.prank(ann);
        c.delegate(relayer);
        eq(c.delegates(ann), relayer, "delegate");
        eq(c.getVotes(ann), 0, "none left");
        eq(c.getVotes(relayer), 400, "given");
        contributes(c, ANN_KEY, 10);
        eq(c.getVotes(relayer), 410, "follows the shares");
        vm.prank(ann);
        c.delegate(address(0));
        eq(c.delegates(ann), ann, "to zero is to itself");
        eq(c.getVotes(ann), 410, "back");
        eq(c.getVotes(relayer), 0, "taken back");
    }

    function testFuzz_ADelegateHasTheVotes(address to, uint32 given) public {
        vm.assume(to != ben && to != cat);
        given %= 401;
        vm.prank(ann);
        c.delegate(to);
        address who = to == address(0) ? ann : to;
        eq(c.getVotes(who), 400, "votes");
        eq(c.getVotes(ann), who == ann ? 400 : 0, "hers");
        gives(c, ann, ben, given);
        eq(c.getVotes(who), 400 - given, "votes left");
        eq(c.getVotes(ben), 250 + given, "receiver's");
        quits(c, ANN_KEY);
        eq(c.getVotes(who), 0, "none");
    }

    function testFuzz_ADelegationIsCarriedBySignature(address to, uint256 expiry) public {
        bytes32 typeHash = keccak256("Delegation(address delegatee,uint256 nonce,uint256 expiry)");
        bytes32 signed = digest(address(c), keccak256(abi.encode(typeHash, to, 0, expiry)));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(ANN_KEY, signed);
        bool late = expiry < block.timestamp;
        if (late) vm.expectRevert();
        vm.prank(relayer);
        c.delegateBySig(to, 0, expiry, v, r, s);
        eq(c.delegates(ann), late || to == address(0) ? ann : to, "delegate");
    }

    function testFuzz_VotesOfThePastStay(uint32 given) public {
        given = given % 400 + 1;
        uint256 then = START + 1;
        vm.warp(then + 10);
        gives(c, ann, ben, given);
        vm.warp(then + 20);
        eq(c.getPastVotes(ann, then + 9), 400, "before");
        eq(c.getPastVotes(ann, then + 10), 400 - given, "after");
        eq(c.getPastVotes(ben, then + 10), 250 + given, "after");
        eq(c.getPastTotalSupply(then + 10), 700, "supply");
        quits(c, BEN_KEY);
        vm.warp(then + 30);
        eq(c.getPastTotalSupply(then + 19), 700, "supply before");
        eq(c.getPastTotalSupply(then + 20), 450 - given, "supply after");
    }

    // Motions.

    function test_AHolderAsks() public {
        vm.expectEmit(true, true, true, true, address(c));
        emit ICompany.Proposed(1, ann, Kind.Cap, 2000, block.timestamp + 7 days);
        eq(proposes(c, ann, Kind.Cap, 2000), 1, "number");
        eq(proposes(c, ben, Kind.WindUp, 0), 2, "number");
        isAsked(c.motion(1), 2000);
        isTrue(c.motion(2).kind == Kind.WindUp, "kind");
        eq(c.rules().motions, 2, "motions");
        eq(c.rules().cap, CAP, "the rules are as they were");
    }

    function isAsked(Motion memory m, uint256 value) private view {
        isTrue(m.kind == Kind.Cap && m.value == value && m.inFavour == 0 && !m.executed, "motion");
        eq(m.askedAt, block.timestamp, "at");
    }

    function testFuzz_WhoAsksHasAHundredth(uint32 shares) public {
        shares %= 20;
        gives(c, cat, ann, 50);
        gives(c, ann, cat, shares);
        vm.warp(block.timestamp + 1);
        if (shares < 8) vm.expectRevert(abi.encodeWithSelector(ICompany.TooFewVotes.selector, shares, 8));
        proposes(c, cat, Kind.WindUp, 0);
    }

    function test_WhatCameThisSecondAsksNothing() public {
        gives(c, cat, ann, 50);
        vm.warp(block.timestamp + 1);
        gives(c, ann, cat, 400);
        vm.expectRevert(abi.encodeWithSelector(ICompany.TooFewVotes.selector, 0, 8));
        proposes(c, cat, Kind.WindUp, 0);
    }

    function testFuzz_AMotionIsPossible(uint8 kind_, uint160 value) public {
        Kind kind = Kind(kind_ % 3);
        if (kind == Kind.Cap && value % 2 == 0) value %= 2100;
        if (kind == Kind.WindUp && value % 2 == 0) value = 0;
        bool possible = kind == Kind.Cap
            ? value >= 1 && value <= 2000
            : kind == Kind.Registrar ? value != 0 && address(value) != address(c) : value == 0;
        if (!possible) wants(ICompany.BadMotion.selector);
        proposes(c, ann, kind, value);
    }

    function test_ACapFitsItsPlace() public {
        companies = Companies(deploy("Companies", abi.encode(address(0))));
        c = founded(companies, address(0), type(uint32).max);
        joins(c, ANN_KEY);
        contributes(c, ANN_KEY, type(uint32).max);
        vm.warp(block.timestamp + 1);
        wants(ICompany.BadMotion.selector);
        proposes(c, ann, Kind.Cap, uint160(1) << 32);
        proposes(c, ann, Kind.Cap, type(uint32).max);
        wants(ICompany.BadMotion.selector);
        proposes(c, ann, Kind.Cap, 0);
        wants(ICompany.BadMotion.selector);
        proposes(c, ann, Kind.Registrar, uint160(address(c)));
        wants(ICompany.BadMotion.selector);
        proposes(c, ann, Kind.Registrar, 0);
    }

    function testFuzz_AMotionIsCarriedBySignature(uint160 value, uint64 endsAt) public {
        value = value % 2000 + 1;
        bool late = endsAt < block.timestamp;
        bytes memory signed = signature(ANN_KEY, proposalDigest(c, Kind.Cap, value, 0, endsAt));
        if (late) wants(ICompany.Ended.selector, endsAt);
        vm.prank(relayer);
        c.propose(ann, Kind.Cap, value, endsAt, signed);
        if (late) return;
        wants(ICompany.BadSignature.selector, ann);
        vm.prank(relayer);
        c.propose(ann, Kind.Cap, value, endsAt, signed);
        eq(c.nonces(ann), 1, "nonce");
        eq(c.rules().motions, 1, "once");
    }

    function testFuzz_EachVoteIsCountedOnce(bool annToo, bool benToo, bool bySignature) public {
        uint256 number = proposes(c, ann, Kind.Cap, 2000);
        vm.warp(block.timestamp + 1);
        if (annToo) {
            vm.expectEmit(true, true, true, true, address(c));
            emit ICompany.Supported(number, ann, 400);
            backs(c, ann, number);
            wants(ICompany.AlreadyVoted.selector, ann);
            backs(c, ann, number);
        }
        // What moves after the question was asked is not counted again.
        gives(c, ann, ben, 300);
        vm.warp(block.timestamp + 1);
        if (benToo) {
            bytes memory signed = signature(BEN_KEY, supportDigest(c, number));
            bytes memory forged = signature(ANN_KEY, supportDigest(c, number));
            if (bySignature) {
                wants(ICompany.BadSignature.selector, ben);
                c.support(number, ben, forged);
                c.support(number, ben, signed);
                wants(ICompany.AlreadyVoted.selector, ben);
                c.support(number, ben, signed);
            } else {
                backs(c, ben, number);
            }
        }
        eq(c.motion(number).inFavour, (annToo ? 400 : 0) + (benToo ? 250 : 0), "in favour");
    }

    function test_WhoHadNoVotesHasNone() public {
        uint256 number = proposes(c, ann, Kind.Cap, 2000);
        gives(c, cat, ben, 50); // in the same second: counted as it is at its end
        vm.warp(block.timestamp + 1);
        vm.expectRevert(abi.encodeWithSelector(ICompany.TooFewVotes.selector, 0, 1));
        backs(c, cat, number);
        backs(c, ben, number);
        eq(c.motion(number).inFavour, 300, "in favour");
        wants(ICompany.NoSuchMotion.selector, 2);
        backs(c, ben, 2);
        wants(ICompany.NoSuchMotion.selector, 2);
        c.execute(2);
    }

    function testFuzz_VotingHasItsTime(uint32 wait) public {
        uint256 number = proposes(c, ann, Kind.Cap, 2000);
        uint256 asked = START + 1;
        wait %= 8 days;
        vm.warp(asked + wait);
        if (wait == 0) vm.expectRevert(); // ERC5805FutureLookup
        if (wait > 7 days) wants(ICompany.TooLate.selector, asked + 7 days);
        backs(c, ann, number);
    }

    function test_TheLastMomentsCount() public {
        uint256 asked = START + 1;
        uint256 number = proposes(c, ann, Kind.Cap, 2000);
        wants(bytes4(keccak256("ERC5805FutureLookup(uint256,uint48)")), asked, address(uint160(asked)));
        backs(c, ann, number);
        vm.warp(asked + 7 days + 1);
        wants(ICompany.TooLate.selector, asked + 7 days);
        backs(c, ann, number);
        vm.warp(asked + 7 days);
        backs(c, ann, number);
        vm.warp(asked + 14 days);
        wants(ICompany.TooEarly.selector, asked + 14 days);
        c.execute(number);
        vm.warp(asked + 28 days + 1);
        wants(ICompany.TooLate.selector, asked + 28 days);
        c.execute(number);
        vm.warp(asked + 28 days);
        c.execute(number);
        isTrue(c.motion(number).executed, "done");
        wants(ICompany.AlreadyExecuted.selector, number);
        c.execute(number);
        eq(c.VOTING() + c.DELAY() + c.GRACE(), 28 days, "times");
    }

    function testFuzz_MoreThanHalfCarries(uint32 shares, bool benToo) public {
        shares %= 401;
        gives(c, ann, cat, 400 - shares);
        vm.warp(block.timestamp + 1);
        uint256 number = proposes(c, ben, Kind.Cap, 2000);
        vm.warp(block.timestamp + 1);
        if (shares != 0) backs(c, ann, number);
        if (benToo) backs(c, ben, number);
        uint256 sum = shares + (benToo ? 250 : 0);
        // Who comes later does not count.
        contributes(c, CAT_KEY, 300);
        vm.warp(block.timestamp + 14 days);
        bool done = sum > 350;
        if (!done) {
            vm.expectRevert(abi.encodeWithSelector(ICompany.NotCarried.selector, sum, 700));
        } else {
            vm.expectEmit(true, true, true, true, address(c));
            emit ICompany.Executed(number);
            vm.expectEmit(true, true, true, true, address(c));
            emit ICompany.CapChanged(2000);
        }
        c.execute(number);
        eq(c.rules().cap, done ? 2000 : 1000, "cap");
    }

    function test_HalfIsNotMore() public {
        gives(c, ann, ben, 50);
        vm.warp(block.timestamp + 1);
        uint256 number = carried(Kind.Cap, 2000);
        vm.expectRevert(abi.encodeWithSelector(ICompany.NotCarried.selector, 350, 700));
        c.execute(number);
    }

    // What is carried.

    function test_ALowerCapIsNoLessThanTheSupply() public {
        uint256 number = carried(Kind.Cap, 750);
        contributes(c, BEN_KEY, 100); // the registrar issues what it can
        c.execute(number);
        eq(c.rules().cap, 800, "cap");
        Contribution memory d = contributionOf(c, ben, 1);
        bytes memory a = signature(REGISTRAR_KEY, contributionDigest(c, d));
        vm.expectRevert(abi.encodeWithSelector(ICompany.OverCap.selector, 1, 0));
        vm.prank(ben);
        c.contribute(d, a, "");
    }

    function test_ACapAtMostDoublesWhenItIsDone() public {
        uint256 number = carried(Kind.Cap, 2000);
        quits(c, CAT_KEY); // the cap is 950
        c.execute(number);
        eq(c.rules().cap, 1900, "cap");
    }

    function testFuzz_WhoLeavesDoesNotUndoACap(uint32 value, bool benToo, bool catToo) public {
        value = value % 2000 + 1;
        uint256 number = carried(Kind.Cap, value);
        if (benToo) quits(c, BEN_KEY);
        if (catToo) quits(c, CAT_KEY);
        (uint256 supply, uint256 most) = (c.totalSupply(), 2 * uint256(c.rules().cap));
        c.execute(number);
        eq(c.rules().cap, value < supply ? supply : value > most ? most : value, "cap");
    }

    function test_WhatWasDecidedLaterStays() public {
        uint256 older = proposes(c, ann, Kind.Cap, 2000);
        uint256 other_ = proposes(c, ann, Kind.Registrar, uint160(ben));
        vm.warp(block.timestamp + 1);
        backs(c, ann, older);
        backs(c, ann, other_);
        uint256 newer = carried(Kind.Cap, 1200);
        c.execute(newer);
        wants(ICompany.Superseded.selector);
        c.execute(older);
        eq(c.rules().cap, 1200, "cap");
        c.execute(other_); // of another kind
        eq(c.rules().registrar, ben, "registrar");
    }

    /// Holders who are against a higher cap have a week to leave with their part by the old one.
    function test_WhoIsAgainstLeavesByTheOldCap() public {
        c.endow{value: 1000}(1000);
        uint256 number = carried(Kind.Cap, 1500);
        quits(c, BEN_KEY);
        eq(c.owed(ben), 250, "by the old cap");
        c.execute(number);
        quits(c, CAT_KEY);
        eq(c.owed(cat), 750 * 50 / 1500, "by the new one");
    }

    function testFuzz_HoldersNameAnotherRegistrar(uint128 key) public {
        uint256 newKey = uint256(key) + 0x10000;
        address next = vm.addr(newKey);
        uint256 number = carried(Kind.Registrar, uint160(next));
        vm.expectEmit(true, true, true, true, address(c));
        emit ICompany.RegistrarChanged(next);
        c.execute(number);
        eq(c.rules().registrar, next, "registrar");
        eq(c.rules().cap, CAP, "cap");
        Entry memory e = entryFor(vm.addr(NEW_KEY), keccak256("n"));
        bytes32 signed = entryDigest(c, e);
        (bytes memory old, bytes memory b) = (signature(REGISTRAR_KEY, signed), signature(NEW_KEY, signed));
        bytes memory a = signature(newKey, signed);
        wants(ICompany.BadSignature.selector, next);
        c.join(e, old, b);
        c.join(e, a, b);
    }

    function test_WhatIsWoundUpTakesNothingIn() public {
        uint256 raise = proposes(c, ann, Kind.Cap, 2000);
        uint256 number = carried(Kind.WindUp, 0);
        c.execute(number);
        Entry memory e = entryFor(vm.addr(NEW_KEY), keccak256("n"));
        bytes32 signed = entryDigest(c, e);
        (bytes memory a, bytes memory b) = (signature(REGISTRAR_KEY, signed), signature(NEW_KEY, signed));
        wants(ICompany.IsWoundUp.selector);
        c.join(e, a, b);
        wants(ICompany.IsWoundUp.selector);
        proposes(c, ann, Kind.Cap, 900);
        vm.expectRevert(abi.encodeWithSelector(ICompany.NotCarried.selector, 0, 700));
        c.execute(raise);
        gives(c, ann, ben, 1);
        moves(c, ANN_KEY, NEW_KEY);
    }

    function test_NoMotionIsDoneAfterAWindingUp() public {
        uint256 raise = proposes(c, ann, Kind.Cap, 2000);
        vm.warp(block.timestamp + 1);
        backs(c, ann, raise);
        uint256 number = carried(Kind.WindUp, 0);
        c.execute(number);
        wants(ICompany.IsWoundUp.selector);
        c.execute(raise);
    }

    function test_NobodyIsLeftToWindUpFor() public {
        c.endow{value: 1000}(1000);
        uint256 number = carried(Kind.WindUp, 0);
        quits(c, ANN_KEY);
        quits(c, BEN_KEY);
        quits(c, CAT_KEY);
        wants(ICompany.Nothing.selector);
        c.execute(number);
        eq(c.reserve(), 300, "what nobody had a part of stays");
    }

    /// More than half can raise the cap and issue to themselves. They cannot touch what the others have.
    function test_AHostileMajorityTakesNothingThatIs() public {
        c.endow{value: 1000}(1000);
        c.deposit{value: 7000}(7000);
        uint256 number = carried(Kind.Registrar, uint160(ann));
        c.execute(number);
        number = carried(Kind.Cap, 2000);
        eq(c.owed(ben), 2500, "dividends");
        quits(c, BEN_KEY);
        c.execute(number);
        eq(c.rules().cap, 1500, "twice of what is left");
        eq(c.owed(ben), 2750, "and its part by the old cap");
        c.withdraw(ben);
        eq(ben.balance, 2750, "paid");
    }

    function test_AnyoneCarriesADelegation() public {
        bytes32 typeHash = keccak256("Delegation(address delegatee,uint256 nonce,uint256 expiry)");
        bytes32 signed = digest(address(c), keccak256(abi.encode(typeHash, ben, 0, block.timestamp)));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(ANN_KEY, signed);
        vm.prank(relayer);
        c.delegateBySig(ben, 0, block.timestamp, v, r, s);
        eq(c.delegates(ann), ben, "delegate");
        eq(c.getVotes(ben), 650, "votes");
        vm.expectRevert();
        c.delegateBySig(ben, 0, block.timestamp, v, r, s);
    }
}
