// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Share} from "../src/IAssets.sol";
import {IExchange, Offer, Purchase, TradeState} from "../src/IExchange.sol";
import {Case, IPanel, Seat} from "../src/IPanel.sol";
import {ILedger} from "../src/ILedger.sol";
import {Money} from "../src/Money.sol";
import {PanelFixture} from "./PanelFixture.sol";
import {Coin} from "./hostile/Coin.sol";
import {Wallet} from "./hostile/Wallet.sol";

contract PanelTest is PanelFixture {
    address private constant MONEY = address(0);

    function setUp() public override {
        super.setUp();
        openExchange();
        enterUsual();
        openPanel(MONEY);
    }

    // A panel.

    function test_APanelIsWhatItWasMadeWith() public view {
        eq(panel.exchange(), address(exchange), "exchange");
        eq(panel.currency(), MONEY, "currency");
        eq(panel.fee(), CASE_FEE, "fee");
        eq(panel.wholeBond(), WHOLE_BOND, "bond");
        eq(panel.penalty(), PENALTY, "penalty");
        eq(panel.threshold(), 2, "threshold");
        address[] memory list = panel.members();
        eq(list.length, 3, "members");
        for (uint256 i = 0; i < 3; ++i) {
            eq(list[i], member(i), "member");
            isSeat(i, WHOLE_BOND, 0, 1, 0);
            eq(panel.seat(list[i]).number, i + 1, "number");
        }
        eq(address(panel).balance, 3 * WHOLE_BOND, "bonds");
        eq(panel.MAX_MEMBERS(), 15, "most");
        eq(panel.UNBONDING(), 30 days, "unbonding");
        eq(panel.CARRY(), 2 days, "carry");
        eq(panel.PENALTY_BPS(), 2000, "penalty bps");
    }

    function test_APanelIsWithinBounds() public {
        newPanel(membersOf(15), 8, 2 ** 128 - 1, MONEY, 2 ** 128 - 1);
        newPanel(membersOf(1), 1, 0, MONEY, 5);
        newPanel(membersOf(4), 4, 0, MONEY, 5);
        isBad(membersOf(16), 9, 0, 5);
        isBad(membersOf(0), 0, 0, 5);
        isBad(membersOf(3), 4, 0, 5);
        isBad(membersOf(4), 2, 0, 5);
        isBad(membersOf(3), 2, 2 ** 128, 5);
        isBad(membersOf(3), 2, 0, 2 ** 128);
        isBad(membersOf(3), 2, 0, 4);
        address[] memory list = membersOf(3);
        list[1] = address(0);
        isBad(list, 2, 0, 5);
        list[1] = list[0];
        isBad(list, 2, 0, 5);
    }

    function isBad(address[] memory list, uint256 threshold, uint256 fee, uint256 bond) private {
        try this.make(list, threshold, fee, bond) {
            revert NotTrue("refused");
        } catch {}
    }

    function make(address[] calldata list, uint256 threshold, uint256 fee, uint256 bond) external {
        newPanel(list, threshold, fee, MONEY, bond);
    }

    // Bonds.

    function test_AMemberServesByItsOwnWill() public {
        panel = newPanel(membersOf(3), 2, CASE_FEE, MONEY, WHOLE_BOND);
        bytes memory signed = signature(memberKey(0), serveHash(1));
        bytes memory why = abi.encodeWithSelector(IPanel.BadSignature.selector, member(0));
        vm.prank(relayer);
        vm.expectRevert(why);
        panel.bond{value: WHOLE_BOND}(member(0), signed);
        signed = signature(memberKey(1), serveHash(0));
        vm.prank(relayer);
        vm.expectRevert(why);
        panel.bond{value: WHOLE_BOND}(member(0), signed);
        signed = signature(memberKey(0), serveHash(0));
        vm.prank(relayer);
        vm.expectRevert(abi.encodeWithSelector(Money.WrongValue.selector, WHOLE_BOND - 1, WHOLE_BOND));
        panel.bond{value: WHOLE_BOND - 1}(member(0), signed);
        vm.expectEmit(true, true, true, true, address(panel));
        emit IPanel.Bonded(member(0), WHOLE_BOND);
        vm.prank(relayer);
        panel.bond{value: WHOLE_BOND}(member(0), signed);
        isSeat(0, WHOLE_BOND, 0, 1, 0);
        vm.prank(relayer);
        vm.expectRevert(abi.encodeWithSelector(IPanel.AlreadyBonded.selector, member(0)));
        panel.bond{value: WHOLE_BOND}(member(0), signed);
        vm.expectRevert(abi.encodeWithSelector(IPanel.NotMember.selector, address(this)));
        panel.bond(address(this), "");
    }

    function test_AMemberLeavesWithItsBond() public {
        bytes memory signed = signature(memberKey(1), resignHash(1));
        vm.expectRevert(abi.encodeWithSelector(IPanel.BadSignature.selector, member(0)));
        panel.resign(member(0), signed);
        vm.expectRevert(abi.encodeWithSelector(IPanel.NotLeaving.selector, member(0)));
        panel.free(member(0));
        signed = signature(memberKey(0), resignHash(1));
        vm.expectEmit(true, true, true, true, address(panel));
        emit IPanel.Leaving(member(0), START + 30 days);
        panel.resign(member(0), signed);
        isSeat(0, WHOLE_BOND, START + 30 days, 1, 0);
        bytes memory why = abi.encodeWithSelector(IPanel.AlreadyLeaving.selector, member(0));
        vm.expectRevert(why);
        panel.resign(member(0), signed);
        vm.prank(member(0));
        vm.expectRevert(why);
        panel.bond(member(0), "");
        vm.warp(START + 30 days);
        wants(IPanel.TooEarly.selector, START + 30 days);
        panel.free(member(0));
        vm.warp(START + 30 days + 1);
        vm.expectEmit(true, true, true, true, address(panel));
        emit IPanel.Left(member(0), WHOLE_BOND);
        panel.free(member(0));
        isSeat(0, 0, 0, 2, 0);
        eq(panel.owed(MONEY, member(0)), WHOLE_BOND, "owed");
        panel.withdraw(MONEY, member(0));
        // Old signatures are of another term.
        vm.expectRevert(abi.encodeWithSelector(IPanel.BadSignature.selector, member(0)));
        panel.resign(member(0), signed);
        signed = signature(memberKey(0), serveHash(2));
        vm.prank(relayer);
        panel.bond{value: WHOLE_BOND}(member(0), signed);
        isSeat(0, WHOLE_BOND, 0, 3, 0);
        vm.expectRevert(abi.encodeWithSelector(IPanel.NotMember.selector, address(this)));
        panel.resign(address(this), "");
        vm.expectRevert(abi.encodeWithSelector(IPanel.NotMember.selector, address(this)));
        panel.free(address(this));
    }

    function test_WhoHasNoticeServesToItsEnd() public {
        vm.prank(member(0));
        panel.resign(member(0), "");
        vm.warp(START + 30 days);
        Offer memory o = panelOffer(1);
        o.endsAt = uint64(START + 90 days);
        bytes32 id = disputed(o);
        eq(panel.caseOf(id).members, 7, "all");
        vm.warp(START + 30 days + 1);
        o.salt = 2;
        eq(panel.caseOf(disputed(o)).members, 6, "without who left");
        vm.expectRevert(abi.encodeWithSelector(IPanel.InACase.selector, member(0)));
        panel.free(member(0));
        vm.warp(START + 42 days + 1);
        panel.close(id);
        panel.free(member(0));
        eq(panel.owed(MONEY, member(0)), WHOLE_BOND - PENALTY, "without the penalty");
    }

    // Cases.

    function test_ACaseIsOpenedByTheExchangeForWhoServes() public {
        vm.expectRevert(abi.encodeWithSelector(IPanel.NotExchange.selector, address(this)));
        panel.open(0, patient, other, other, uint64(START + 14 days));
        Offer memory o = panelOffer(1);
        bytes32 id = boughtBy(o);
        Purchase memory p = purchaseOf(o, other);
        vm.expectEmit(true, true, true, true, address(panel));
        emit IPanel.Opened(id, patient, other, 7, uint64(START + 12 days));
        vm.prank(other);
        exchange.dispute{value: CASE_FEE}(o, p, EVIDENCE, "");
        Case memory c = panel.caseOf(id);
        eq(c.seller, patient, "seller");
        eq(c.buyer, other, "buyer");
        eq(c.until, START + 12 days, "until");
        eq(uint256(c.forBuyer) + c.forSeller, 0, "votes");
        isTrue(!c.closed, "closed");
        for (uint256 i = 0; i < 3; ++i) {
            isSeat(i, WHOLE_BOND, 0, 1, 1);
        }
        eq(address(panel).balance, 3 * WHOLE_BOND + CASE_FEE, "here");
    }

    function test_TheFeeIsWholeOrThereIsNoCase() public {
        Offer memory o = panelOffer(1);
        bytes32 id = boughtBy(o);
        Purchase memory p = purchaseOf(o, other);
        for (uint256 i = 0; i < 3; ++i) {
            uint256 sent = [CASE_FEE - 1, CASE_FEE + 1, 0][i];
            vm.prank(other);
            vm.expectRevert(abi.encodeWithSelector(Money.WrongValue.selector, sent, CASE_FEE));
            exchange.dispute{value: sent}(o, p, EVIDENCE, "");
        }
        eq(uint256(exchange.trade(id).state), uint256(TradeState.Delivered), "state");
    }

    function test_APartyDoesNotVote() public {
        vm.prank(patient);
        assets.transferFrom(patient, member(1), usualOffer().tokenId);
        Offer memory o = panelOffer(1);
        o.seller = member(1);
        bytes32 id = fillAs(other, o, memberKey(1));
        deliverAs(id, CEK, memberKey(1));
        disputeAs(other, o, CASE_FEE, "");
        eq(panel.caseOf(id).members, 5, "without the seller");
        vm.prank(member(1));
        vm.expectRevert(abi.encodeWithSelector(IPanel.NotMember.selector, member(1)));
        panel.vote(id, member(1), false, "");
        isSeat(1, WHOLE_BOND, 0, 1, 0);
        // As buyer neither.
        o.salt = 2;
        id = fillAs(member(0), o, memberKey(1));
        deliverAs(id, CEK, memberKey(1));
        disputeAs(member(0), o, CASE_FEE, abi.encodeWithSelector(IPanel.TooFew.selector, 1, 2));
    }

    function test_WithoutBondsThereIsNoCase() public {
        panel = newPanel(membersOf(3), 2, CASE_FEE, MONEY, WHOLE_BOND);
        bondAs(0);
        Offer memory o = panelOffer(1);
        bytes32 id = boughtBy(o);
        disputeAs(other, o, CASE_FEE, abi.encodeWithSelector(IPanel.TooFew.selector, 1, 2));
        bondAs(2);
        disputeAs(other, o, CASE_FEE, "");
        eq(panel.caseOf(id).members, 5, "who serves");
    }

    // Votes.

    function test_AVoteIsOwnOrCarriedAndOnce() public {
        bytes32 id = disputed(panelOffer(1));
        bytes memory signed = signature(memberKey(0), voteHash(id, true));
        bytes memory why = abi.encodeWithSelector(IPanel.BadSignature.selector, member(0));
        vm.expectRevert(why);
        panel.vote(id, member(0), false, signed);
        vm.expectRevert(abi.encodeWithSelector(IPanel.BadSignature.selector, member(1)));
        panel.vote(id, member(1), true, signed);
        vm.expectEmit(true, true, true, true, address(panel));
        emit IPanel.Voted(id, member(0), true);
        panel.vote(id, member(0), true, signed);
        bytes memory again = abi.encodeWithSelector(IPanel.AlreadyVoted.selector, id, member(0));
        vm.expectRevert(again);
        panel.vote(id, member(0), true, signed);
        vm.prank(member(0));
        vm.expectRevert(again);
        panel.vote(id, member(0), false, "");
        voteAs(2, id, false);
        vm.prank(member(2));
        vm.expectRevert(abi.encodeWithSelector(IPanel.AlreadyVoted.selector, id, member(2)));
        panel.vote(id, member(2), true, "");
        eq(panel.caseOf(id).forBuyer, 1, "for the buyer");
        eq(panel.caseOf(id).forSeller, 4, "for the seller");
        vm.expectRevert(abi.encodeWithSelector(IPanel.NotMember.selector, address(this)));
        panel.vote(id, address(this), true, "");
        vm.expectRevert(abi.encodeWithSelector(IPanel.NoSuchCase.selector, bytes32(uint256(1))));
        panel.vote(bytes32(uint256(1)), member(0), true, "");
    }

    function test_AVoteIsInTime() public {
        bytes32 id = disputed(panelOffer(1));
        vm.warp(START + 12 days + 1);
        vm.prank(member(0));
        wants(IPanel.TooLate.selector, START + 12 days);
        panel.vote(id, member(0), true, "");
        vm.warp(START + 12 days);
        voteAs(0, id, true);
    }

    function test_AContractVotesByItsOwnSignature() public {
        Wallet wallet = new Wallet();
        address[] memory list = membersOf(3);
        list[0] = address(wallet);
        panel = newPanel(list, 2, CASE_FEE, MONEY, WHOLE_BOND);
        vm.prank(relayer);
        vm.expectRevert(abi.encodeWithSelector(IPanel.BadSignature.selector, wallet));
        panel.bond{value: WHOLE_BOND}(address(wallet), "");
        wallet.be(Wallet.Mood.Honest);
        vm.prank(relayer);
        panel.bond{value: WHOLE_BOND}(address(wallet), "");
        bondAs(1);
        bytes32 id = disputed(panelOffer(1));
        panel.vote(id, address(wallet), true, "");
        eq(panel.caseOf(id).forBuyer, 1, "voted");
    }

    // Verdicts.

    function test_AMajorityForTheBuyerIsCarried() public {
        Offer memory o = panelOffer(1);
        Purchase memory p = purchaseOf(o, other);
        bytes32 id = disputed(o);
        voteAs(0, id, true);
        isVerdict(id, false, false);
        vm.expectRevert(abi.encodeWithSelector(IPanel.NoVerdict.selector, id));
        panel.carry(o, p, CONTENT, usualSplit());
        voteAs(2, id, true);
        isVerdict(id, true, true);
        vm.prank(relayer);
        panel.carry(o, p, 0, new Share[](0));
        eq(exchange.owed(MONEY, other), o.price, "money back");
        vm.expectRevert(abi.encodeWithSelector(IExchange.WrongState.selector, id, TradeState.Refunded));
        panel.carry(o, p, CONTENT, usualSplit());
    }

    function test_AMajorityForTheSellerIsCarried() public {
        Offer memory o = panelOffer(1);
        Purchase memory p = purchaseOf(o, other);
        bytes32 id = disputed(o);
        voteAs(0, id, true);
        voteAs(1, id, false);
        isVerdict(id, false, false);
        voteAs(2, id, false);
        isVerdict(id, true, false);
        vm.warp(START + 14 days);
        panel.carry(o, p, CONTENT, usualSplit());
        eq(licences.ownerOf(uint256(id)), other, "licence");
        eq(exchange.owed(MONEY, patient) + exchange.owed(MONEY, doctor), o.price, "payees");
    }

    function test_AVerdictIsOfItsOwnTrade() public {
        Offer memory o = panelOffer(1);
        bytes32 id = disputed(o);
        voteAs(0, id, true);
        voteAs(1, id, true);
        o.salt = 2;
        bytes32 second = disputed(o);
        Purchase memory p = purchaseOf(o, other);
        vm.expectRevert(abi.encodeWithSelector(IPanel.NoVerdict.selector, second));
        panel.carry(o, p, CONTENT, usualSplit());
        o.salt = 3;
        bytes32 none = tradeOf(o, p);
        vm.expectRevert(abi.encodeWithSelector(IPanel.NoSuchCase.selector, none));
        panel.carry(o, p, CONTENT, usualSplit());
    }

    function test_AVerdictThatNobodyCarriesIsSilence() public {
        Offer memory o = panelOffer(1);
        bytes32 id = disputed(o);
        voteAs(0, id, true);
        voteAs(1, id, true);
        vm.warp(START + 14 days + 1);
        Purchase memory p = purchaseOf(o, other);
        wants(IExchange.TooLate.selector, START + 14 days);
        panel.carry(o, p, CONTENT, usualSplit());
        exchange.halve(o, p, CONTENT, usualSplit());
    }

    // The end of a case.

    function test_WhoVotedIsPaidAndWhoWasSilentPays() public {
        bytes32 id = disputed(panelOffer(1));
        voteAs(0, id, true);
        voteAs(2, id, false);
        vm.warp(START + 12 days);
        wants(IPanel.TooEarly.selector, START + 12 days);
        panel.close(id);
        vm.warp(START + 12 days + 1);
        vm.expectEmit(true, true, true, true, address(panel));
        emit IPanel.Credited(id, member(0), 33);
        vm.expectEmit(true, true, true, true, address(panel));
        emit IPanel.Fined(id, member(1), PENALTY);
        vm.expectEmit(true, true, true, true, address(panel));
        emit IPanel.Credited(id, member(2), 33);
        vm.expectEmit(true, true, true, true, address(panel));
        emit IPanel.Credited(id, other, 34);
        vm.expectEmit(true, true, true, true, address(panel));
        emit IPanel.Closed(id);
        panel.close(id);
        isSeat(0, WHOLE_BOND, 0, 1, 0);
        isSeat(1, WHOLE_BOND - PENALTY, 0, 1, 0);
        eq(panel.owed(MONEY, member(0)), 33, "voted");
        eq(panel.owed(MONEY, member(1)), 0, "silent");
        eq(panel.owed(MONEY, patient), 0, "no party has of a penalty");
        eq(panel.owed(MONEY, other), 34, "what is left of the fee");
        eq(address(panel).balance, 3 * WHOLE_BOND + CASE_FEE, "without a verdict it is nobody's");
        vm.expectRevert(abi.encodeWithSelector(IPanel.AlreadyClosed.selector, id));
        panel.close(id);
        vm.expectRevert(abi.encodeWithSelector(IPanel.NoSuchCase.selector, bytes32(uint256(1))));
        panel.close(bytes32(uint256(1)));
        // The bond is made whole by what is missing, which takes the member's word anew.
        bytes memory old = signature(memberKey(1), serveHash(0));
        vm.prank(relayer);
        vm.expectRevert(abi.encodeWithSelector(IPanel.BadSignature.selector, member(1)));
        panel.bond{value: PENALTY}(member(1), old);
        bytes memory signed = signature(memberKey(1), serveHash(1));
        vm.prank(relayer);
        panel.bond{value: PENALTY}(member(1), signed);
        isSeat(1, WHOLE_BOND, 0, 2, 0);
    }

    function test_ABondIsLostOnlyAsFarAsItGoes() public {
        Offer memory o = panelOffer(1);
        bytes32[] memory ids = new bytes32[](7);
        for (uint256 i = 0; i < 7; ++i) {
            o.salt = i + 1;
            ids[i] = disputed(o);
        }
        isSeat(0, WHOLE_BOND, 0, 1, 7);
        vm.warp(START + 13 days);
        o.endsAt = uint64(START + 90 days);
        for (uint256 i = 0; i < 5; ++i) {
            panel.close(ids[i]);
        }
        isSeat(0, 3, 0, 1, 2);
        // Less than a penalty: nobody serves.
        o.salt = 9;
        boughtBy(o);
        disputeAs(other, o, CASE_FEE, abi.encodeWithSelector(IPanel.TooFew.selector, 0, 2));
        panel.close(ids[5]);
        panel.close(ids[6]);
        isSeat(0, 0, 0, 1, 0);
        eq(panel.owed(MONEY, patient), 0, "seller");
        eq(panel.owed(MONEY, other), 7 * CASE_FEE, "buyer");
        eq(address(panel).balance, 3 * WHOLE_BOND + 7 * CASE_FEE, "here");
    }

    function test_PenaltiesAreWhoseVotesWereTheVerdict() public {
        bytes32 id = disputed(panelOffer(1)); // all silent: theirs are nobody's
        vm.warp(START + 12 days + 1);
        panel.close(id);
        Offer memory o = panelOffer(2);
        o.endsAt = uint64(START + 90 days);
        id = disputed(o);
        voteAs(0, id, false);
        voteAs(1, id, false);
        vm.warp(START + 25 days);
        panel.close(id);
        eq(panel.owed(MONEY, member(0)), 33 + PENALTY / 2, "with the verdict");
        eq(panel.owed(MONEY, member(1)), 33 + PENALTY / 2, "with the verdict");
        eq(panel.owed(MONEY, member(2)), 0, "silent");
        eq(panel.owed(MONEY, patient), 0, "no party");
        eq(panel.owed(MONEY, other), CASE_FEE + 34, "the buyer has what is left of the fees");
    }

    function test_AMemberWithAWholePenaltyLeftServes() public {
        Offer memory o = panelOffer(1);
        for (uint256 i = 0; i < 4; ++i) {
            o.salt = i + 1;
            bytes32 id = disputed(o);
            vm.warp(block.timestamp + 13 days);
            panel.close(id);
            o.endsAt = uint64(START + 90 days);
        }
        isSeat(0, WHOLE_BOND - 4 * PENALTY, 0, 1, 0);
        o.salt = 9;
        eq(panel.caseOf(disputed(o)).members, 7, "203 is enough for 200");
    }

    function test_ABondOfOnePenaltyIsEnough() public {
        usePanel(5);
        Offer memory o = panelOffer(1);
        (o.endsAt, o.copies) = (uint64(START + 90 days), 0);
        for (uint256 i = 0; i < 5; ++i) {
            o.salt = i + 1;
            bytes32 id = disputed(o);
            eq(panel.caseOf(id).members, 3, "who serve");
            vm.warp(block.timestamp + 13 days);
            panel.close(id);
        }
        isSeat(0, 0, 0, 1, 0);
    }

    function test_WhoIsNotInACaseIsNeitherPaidNorFined() public {
        usePanel(WHOLE_BOND);
        bytes32 id = disputed(panelOffer(1));
        eq(panel.caseOf(id).members, 3, "who serve");
        voteAs(0, id, true);
        voteAs(1, id, true);
        vm.warp(START + 12 days + 1);
        panel.close(id);
        isSeat(2, 0, 0, 0, 0);
        eq(panel.owed(MONEY, member(0)), CASE_FEE / 2, "half of the fee");
        eq(panel.owed(MONEY, member(2)), 0, "not in the case");
        eq(panel.owed(MONEY, other), 0, "nothing is left of the fee");
    }

    /// @dev Another panel of three, of whom the first two put up this bond.
    function usePanel(uint256 bond) private {
        panel = newPanel(membersOf(3), 2, CASE_FEE, MONEY, bond);
        provide(other);
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(member(i));
            panel.bond{value: bond}(member(i), "");
        }
    }

    // ERC-20.

    function test_FeeAndBondsMayBeInAToken() public {
        openPanel(address(coin));
        Offer memory o = panelOffer(1);
        boughtBy(o);
        disputeAs(other, o, 1, abi.encodeWithSelector(Money.WrongValue.selector, 1, 0));
        // The payer is whoever carries it.
        uint256 before = coin.balanceOf(relayer);
        bytes32 id = tradeOf(o, purchaseOf(o, other));
        bytes memory signed = signature(OTHER_KEY, disputeHash(id, EVIDENCE));
        Purchase memory p = purchaseOf(o, other);
        vm.prank(relayer);
        exchange.dispute(o, p, EVIDENCE, signed);
        eq(coin.balanceOf(relayer), before - CASE_FEE, "paid");
        eq(coin.balanceOf(address(panel)), 3 * WHOLE_BOND + CASE_FEE, "here");
        voteAs(0, id, true);
        vm.warp(START + 13 days);
        panel.close(id);
        panel.withdraw(address(coin), other);
        panel.withdraw(address(coin), member(0));
        eq(coin.balanceOf(address(panel)), 3 * WHOLE_BOND, "bonds, and what is kept of them");
    }

    function test_ATokenThatTakesAFeeIsRefusedByName() public {
        Coin fee = new Coin(Coin.Habit.TakesAFee);
        panel = newPanel(membersOf(1), 1, CASE_FEE, address(fee), WHOLE_BOND);
        fee.mint(member(0), WHOLE_BOND);
        vm.prank(member(0));
        fee.approve(address(panel), WHOLE_BOND);
        vm.prank(member(0));
        vm.expectRevert(abi.encodeWithSelector(Money.NotWhole.selector, fee, WHOLE_BOND - WHOLE_BOND / 100, WHOLE_BOND));
        panel.bond(member(0), "");
    }

    /// A token that changes its ways: the fee of a case is whole, and nothing is taken out while it comes.
    function test_ATokenThatCallsBackGetsNothing() public {
        Coin thief = new Coin(Coin.Habit.CallsBack);
        panelCurrency = address(thief);
        panel = newPanel(membersOf(1), 1, CASE_FEE, address(thief), WHOLE_BOND);
        address[2] memory people = [other, member(0)];
        for (uint256 i = 0; i < 2; ++i) {
            thief.mint(people[i], 1e30);
            vm.prank(people[i]);
            thief.approve(address(panel), type(uint256).max);
        }
        bondAs(0);
        bytes32 id = disputed(panelOffer(1));
        vm.warp(START + 13 days);
        panel.close(id);
        Offer memory o = panelOffer(2);
        o.endsAt = uint64(START + 90 days);
        boughtBy(o);
        uint256 due = panel.owed(address(thief), other);
        thief.reenter(address(panel), abi.encodeCall(ILedger.withdraw, (address(thief), other)));
        disputeAs(other, o, 0, abi.encodeWithSelector(Money.NotWhole.selector, thief, CASE_FEE - due, CASE_FEE));
    }

    // Fuzz.

    function testFuzz_ACaseIsSettledToTheWei(uint96 fee, uint96 bond, uint16 voters, uint16 forBuyer, uint8 n) public {
        n = n % 15 + 1;
        if (bond < 5) bond = 5;
        bytes32 id = caseOf(n, fee, bond);
        (uint256 voted, uint256 yes) = voteAll(id, n, voters, forBuyer);
        isVerdict(id, yes > n / 2 || voted - yes > n / 2, yes > n / 2);
        vm.warp(START + 12 days + 1);
        panel.close(id);
        eq(panel.owed(MONEY, patient), 0, "seller");
        eq(panel.owed(MONEY, other), fee - fee / n * voted, "buyer");
        uint256 part = partOf((n - voted) * panel.penalty(), n, voted, yes);
        for (uint256 i = 0; i < n; ++i) {
            bool silent = voters >> i & 1 == 0;
            uint256 due = silent ? 0 : fee / n;
            if (!silent && (forBuyer >> i & 1 == 1) == (yes > n / 2)) due += part;
            eq(panel.owed(MONEY, member(i)), due, "member");
        }
    }

    /// @dev What each of those who won has of the penalties.
    function partOf(uint256 fines, uint256 n, uint256 voted, uint256 yes) private pure returns (uint256 part) {
        uint256 winners = yes > n / 2 ? yes : voted - yes > n / 2 ? voted - yes : 0;
        if (winners != 0) part = fines / winners;
    }

    /// @dev A case of a new panel of so many.
    function caseOf(uint256 n, uint256 fee, uint256 bond) private returns (bytes32 id) {
        panel = newPanel(membersOf(n), n / 2 + 1, fee, MONEY, bond);
        for (uint256 i = 0; i < n; ++i) {
            vm.deal(member(i), bond);
            vm.prank(member(i));
            panel.bond{value: bond}(member(i), "");
        }
        Offer memory o = panelOffer(1);
        id = boughtBy(o);
        disputeAs(other, o, fee, "");
    }

    function voteAll(bytes32 id, uint256 n, uint256 voters, uint256 forBuyer)
        private
        returns (uint256 voted, uint256 yes)
    {
        for (uint256 i = 0; i < n; ++i) {
            if (voters >> i & 1 == 0) continue;
            bool vote = forBuyer >> i & 1 == 1;
            voteAs(i, id, vote);
            ++voted;
            if (vote) ++yes;
        }
    }

    function testFuzz_NobodyElseSpeaksForAMember(uint256 key, bool forBuyer) public {
        key = key % 2 ** 250 + 1;
        vm.assume(vm.addr(key) != member(0));
        bytes memory why = abi.encodeWithSelector(IPanel.BadSignature.selector, member(0));
        bytes32 id = disputed(panelOffer(1));
        bytes memory signed = signature(key, voteHash(id, forBuyer));
        vm.expectRevert(why);
        panel.vote(id, member(0), forBuyer, signed);
        signed = signature(key, resignHash(0));
        vm.expectRevert(why);
        panel.resign(member(0), signed);
        panel = newPanel(membersOf(1), 1, CASE_FEE, MONEY, WHOLE_BOND);
        signed = signature(key, serveHash(0));
        vm.expectRevert(why);
        panel.bond{value: WHOLE_BOND}(member(0), signed);
    }

    function testFuzz_ABondIsFreeAfterItsTime(uint32 took) public {
        took = took % 60 days;
        vm.prank(member(0));
        panel.resign(member(0), "");
        vm.warp(START + took);
        if (took <= 30 days) wants(IPanel.TooEarly.selector, START + 30 days);
        panel.free(member(0));
        eq(panel.owed(MONEY, member(0)), took <= 30 days ? 0 : WHOLE_BOND, "owed");
    }

    function testFuzz_OnlyTheExchangeOpensACase(address who, bytes32 id) public {
        vm.assume(who != address(exchange));
        vm.prank(who);
        vm.expectRevert(abi.encodeWithSelector(IPanel.NotExchange.selector, who));
        panel.open(id, patient, other, who, uint64(START + 14 days));
    }

    /// A verdict is carried to the market by anyone, in its time and once; without one nothing is, whoever tries.
    function testFuzz_WhoeverCarriesItTheVerdictIsDone(uint16 voters, uint16 forBuyer, uint8 n, address by, uint24 late)
        public
    {
        n = n % 15 + 1;
        bytes32 id = caseOf(n, CASE_FEE, WHOLE_BOND);
        (uint256 voted, uint256 yes) = voteAll(id, n, voters, forBuyer);
        Offer memory o = panelOffer(1);
        Purchase memory p = purchaseOf(o, other);
        uint256 took = around(14 days, late, 16 days);
        bool done = (yes > n / 2 || voted - yes > n / 2) && took <= 14 days;
        vm.warp(START + took);
        vm.prank(by);
        bytes memory data = abi.encodeCall(IPanel.carry, (o, p, CONTENT, usualSplit()));
        (bool ok,) = address(panel).call(data);
        isTrue(ok == done, "carried");
        bool back = done && yes > n / 2;
        eq(exchange.owed(MONEY, other), back ? o.price : 0, "money back");
        uint256 forSellers = exchange.owed(MONEY, patient) + exchange.owed(MONEY, doctor);
        eq(forSellers, done && !back ? o.price : 0, "payees");
        eq(licences.balanceOf(other), done && !back ? 1 : 0, "licence");
        (ok,) = address(panel).call(data);
        isTrue(!ok, "not twice");
    }

    /// Whatever a member does and when, its seat says it, and what it put in is in the seat or owed to it.
    function testFuzz_ASeatIsWhatItsMemberDid(uint8[12] memory acts, uint24[12] memory waits) public {
        Seat memory want = panel.seat(member(0));
        uint256 clock = START;
        uint256 paid = WHOLE_BOND;
        uint256 owed = 0;
        for (uint256 i = 0; i < acts.length; ++i) {
            clock += waits[i];
            vm.warp(clock);
            (bool may, bool ok) = (false, false);
            if (acts[i] % 3 == 0) {
                may = want.freeAt == 0 && want.bond == 0;
                vm.prank(member(0));
                (ok,) = address(panel).call{value: WHOLE_BOND}(abi.encodeCall(IPanel.bond, (member(0), "")));
                if (may) (want.bond, want.term, paid) = (uint128(WHOLE_BOND), want.term + 1, paid + WHOLE_BOND);
            } else if (acts[i] % 3 == 1) {
                may = want.freeAt == 0;
                vm.prank(member(0));
                (ok,) = address(panel).call(abi.encodeCall(IPanel.resign, (member(0), "")));
                if (may) want.freeAt = uint40(clock + 30 days);
            } else {
                may = want.freeAt != 0 && clock > want.freeAt;
                (ok,) = address(panel).call(abi.encodeCall(IPanel.free, (member(0))));
                if (may) owed += want.bond;
                if (may) (want.bond, want.freeAt, want.term) = (0, 0, want.term + 1);
            }
            isTrue(ok == may, "may be done");
            isSeat(0, want.bond, want.freeAt, want.term, 0);
            eq(panel.owed(MONEY, member(0)), owed, "owed");
        }
        eq(want.bond + owed, paid, "nothing is lost");
        isSeat(1, WHOLE_BOND, 0, 1, 0); // and nobody else's seat moved
    }

    function isSeat(uint256 i, uint256 bond, uint256 freeAt, uint256 term, uint256 open) private view {
        Seat memory s = panel.seat(member(i));
        eq(s.bond, bond, "bond");
        eq(s.freeAt, freeAt, "free at");
        eq(s.term, term, "term");
        eq(s.open, open, "open cases");
    }

    function isVerdict(bytes32 id, bool wantDecided, bool wantForBuyer) private view {
        (bool decided, bool forBuyer) = panel.verdict(id);
        isTrue(decided == wantDecided, "decided");
        isTrue(forBuyer == wantForBuyer, "for the buyer");
    }
}
