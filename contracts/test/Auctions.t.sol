// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Auction, AuctionState, Bid, IAuctions, Lot} from "../src/IAuctions.sol";
import {IExchange, Offer, Purchase, Sale} from "../src/IExchange.sol";
import {ILedger} from "../src/ILedger.sol";
import {IPause} from "../src/IPause.sol";
import {IRoyalties} from "../src/IRoyalties.sol";
import {Money} from "../src/Money.sol";
import {AuctionsFixture} from "./AuctionsFixture.sol";
import {Auctions} from "./Faces.sol";
import {Coin} from "./hostile/Coin.sol";
import {Receiver} from "./hostile/Receiver.sol";
import {Wallet} from "./hostile/Wallet.sol";

contract AuctionsTest is AuctionsFixture {
    address private constant MONEY = address(0);
    uint256 private constant END = START + 1 days;

    uint256 private reserve;
    Offer private o;
    Auction private a;
    bytes32 private id;

    function setUp() public override {
        super.setUp();
        openExchange();
        openAuctions();
        enterUsual();
        reserve = usualOffer().price;
        Offer memory offer = auctionOffer(1);
        Auction memory auction = auctionOf(offer);
        (o, a, id) = (offer, auction, idOf(auction));
    }

    function step(uint256 amount) private pure returns (uint256) {
        uint256 more = amount / 20;
        if (more * 20 < amount) ++more;
        return amount + (more == 0 ? 1 : more);
    }

    function inState(AuctionState state) private view returns (bytes memory) {
        return abi.encodeWithSelector(IAuctions.WrongState.selector, id, state);
    }

    // The way that all hope for.

    function test_AnAuctionIsOpenedWithTheSellersSignatures() public {
        bytes memory byOffer = signature(PATIENT_KEY, hashOf(o));
        bytes memory byAuction = signature(PATIENT_KEY, id);
        vm.expectEmit(true, true, true, true, address(auctions));
        emit IAuctions.OfferOpened(id, a, o, byOffer);
        vm.prank(relayer);
        eq(auctions.open(a, byAuction, o, byOffer), id, "id");
        eq(auctions.hashAuction(a), id, "hashAuction");
        eq(auctions.exchange(), address(exchange), "exchange");
        isLot(address(0), END, AuctionState.Open, false, 0);
        eq(auctions.leastBid(a), reserve, "least");
        vm.expectRevert(inState(AuctionState.Open));
        auctions.open(a, byAuction, o, byOffer);
        eq(auctions.MIN_STEP_BPS(), 100, "smallest step");
        eq(auctions.MAX_STEP_BPS(), 5000, "largest step");
        eq(auctions.MAX_EXTENSION(), 1 hours, "extension");
        eq(auctions.MAX_EXTRA(), 1 days, "extra");
        eq(auctions.MAX_TIME(), 90 days, "time");
        eq(auctions.SETTLE_WINDOW(), 8 days, "settle");
    }

    function test_AnotherOpensNoAuctionThatShouldHaveBegun() public {
        vm.warp(START + 1);
        (bytes memory byAuction, bytes memory byOffer) =
            (signature(PATIENT_KEY, id), signature(PATIENT_KEY, hashOf(o)));
        vm.prank(relayer);
        vm.expectRevert(abi.encodeWithSelector(IAuctions.TooLate.selector, START));
        auctions.open(a, byAuction, o, byOffer);
        Sale memory s = auctionSale(2);
        Auction memory ofToken = auctionOf(s);
        (bytes memory byToken, bytes memory bySale) =
            (signature(PATIENT_KEY, idOf(ofToken)), signature(PATIENT_KEY, hashOf(s)));
        vm.prank(relayer);
        vm.expectRevert(abi.encodeWithSelector(IAuctions.TooLate.selector, START));
        auctions.openSale(ofToken, byToken, s, bySale);
        // The seller may: it is its time.
        vm.prank(patient);
        auctions.open(a, byAuction, o, byOffer);
        isLot(address(0), END, AuctionState.Open, false, 0);
    }

    function testFuzz_AnotherOpensInTimeOnly(uint32 startsIn, uint32 opensIn, bool bySeller) public {
        (startsIn, opensIn) = (startsIn % 1 days, opensIn % 1 days);
        a.startsAt = uint64(START + startsIn);
        id = idOf(a);
        (bytes memory byAuction, bytes memory byOffer) =
            (signature(PATIENT_KEY, id), signature(PATIENT_KEY, hashOf(o)));
        vm.warp(START + opensIn);
        bool late = opensIn > startsIn && !bySeller;
        vm.prank(bySeller ? patient : relayer);
        if (late) vm.expectRevert(abi.encodeWithSelector(IAuctions.TooLate.selector, a.startsAt));
        auctions.open(a, byAuction, o, byOffer);
        eq(uint256(auctions.lot(id).state), uint256(late ? AuctionState.None : AuctionState.Open), "state");
    }

    function test_ATokenIsAuctionedByItsOwner() public {
        Sale memory s = auctionSale(2);
        Auction memory ofToken = auctionOf(s);
        vm.prank(patient);
        assets.transferFrom(patient, other, s.tokenId);
        (bytes memory byToken, bytes memory bySale) =
            (signature(PATIENT_KEY, idOf(ofToken)), signature(PATIENT_KEY, hashOf(s)));
        vm.expectRevert(abi.encodeWithSelector(IAuctions.NotOwner.selector, s.tokenId, patient));
        auctions.openSale(ofToken, byToken, s, bySale);
        vm.prank(other);
        assets.transferFrom(other, patient, s.tokenId);
        auctions.openSale(ofToken, byToken, s, bySale);
    }

    function test_BothSignaturesAreTheSellers() public {
        (bytes memory byAuction, bytes memory byOffer) =
            (signature(PATIENT_KEY, id), signature(PATIENT_KEY, hashOf(o)));
        bytes memory why = abi.encodeWithSelector(IAuctions.BadSignature.selector, patient);
        bytes memory forged = signature(OTHER_KEY, id);
        vm.expectRevert(why);
        auctions.open(a, forged, o, byOffer);
        forged = signature(OTHER_KEY, hashOf(o));
        vm.expectRevert(why);
        auctions.open(a, byAuction, o, forged);
    }

    function test_TheHighestBidIsTheTradesPrice() public {
        openFor(a, o);
        bidAs(other, a, reserve);
        uint256 more = step(reserve);
        Bid memory b = bidOf(buyer, more);
        vm.expectEmit(true, true, true, true, address(auctions));
        emit IAuctions.Outbid(id, other, reserve);
        vm.expectEmit(true, true, true, true, address(auctions));
        emit IAuctions.Raised(id, b, END);
        vm.prank(buyer);
        auctions.bid{value: more}(a, b, "");
        isLot(buyer, END, AuctionState.Open, false, more);
        eq(auctions.owed(MONEY, other), reserve, "the money is back at once");
        auctions.withdraw(MONEY, other);
        vm.warp(END);
        (uint256 x, uint256 y) = buyerKey();
        bytes memory signed = signature(PATIENT_KEY, hashOf(o));
        wants(IAuctions.TooEarly.selector, END);
        auctions.settle(a, o, signed, x, y, HPKE_HASH);
        vm.warp(END + 1);
        bytes32 tradeId = tradeOf(o, Purchase(buyer, more, x, y));
        vm.expectEmit(true, true, true, true, address(auctions));
        emit IAuctions.Settled(id, tradeId, buyer, more);
        eq(settleUsual(a, o), tradeId, "trade");
        isLot(buyer, END, AuctionState.Settled, false, more);
        eq(address(auctions).balance, 0, "all is out");
        eq(address(exchange).balance, more, "escrow");
        deliverHere(tradeId, CEK);
        vm.prank(buyer);
        exchange.release(o, Purchase(buyer, more, x, y), CONTENT, usualSplit());
        eq(exchange.owed(MONEY, patient) + exchange.owed(MONEY, doctor), more, "the payees have it");
        eq(licences.ownerOf(uint256(tradeId)), buyer, "licence");
        vm.expectRevert(inState(AuctionState.Settled));
        auctions.settle(a, o, signed, x, y, HPKE_HASH);
        vm.warp(END + 9 days);
        vm.expectRevert(inState(AuctionState.Settled));
        auctions.refund(a);
    }

    function test_ATokenGoesToTheHighestBid() public {
        approveAll(patient);
        Sale memory s = auctionSale(2);
        s.currency = address(coin);
        (Auction memory auction, bytes32 hash) = (auctionOf(s), hashOf(s));
        id = idOf(auction);
        bytes memory signed = signature(PATIENT_KEY, hash);
        vm.expectEmit(true, true, true, true, address(auctions));
        emit IAuctions.SaleOpened(id, auction, s, signed);
        eq(openFor(auction, s), id, "id");
        isLot(address(0), END, AuctionState.Open, true, 0);
        // No key is needed.
        Bid memory b = Bid(other, uint128(reserve), 0, 0, 0);
        vm.prank(other);
        auctions.bid(auction, b, "");
        eq(coin.balanceOf(address(auctions)), reserve, "bid");
        vm.warp(END + 1);
        vm.expectEmit(true, true, true, true, address(auctions));
        emit IAuctions.Settled(id, hash, other, reserve);
        settleUsual(auction, s);
        eq(assets.ownerOf(s.tokenId), other, "owner");
        eq(exchange.owed(address(coin), IRoyalties(assets.royalties()).receiverOf(s.tokenId)), reserve, "split");
        eq(coin.allowance(address(auctions), address(exchange)), 0, "no allowance is left");
        eq(coin.balanceOf(address(auctions)), 0, "all is out");
    }

    // Bids.

    function test_ABidIsAStepHigher() public {
        openFor(a, o);
        refuses(reserve - 1, abi.encodeWithSelector(IAuctions.TooLow.selector, reserve));
        bidAs(other, a, reserve);
        uint256 least = step(reserve);
        eq(auctions.leastBid(a), least, "least");
        refuses(least - 1, abi.encodeWithSelector(IAuctions.TooLow.selector, least));
        bidAs(other, a, least);
        eq(auctions.owed(MONEY, other), reserve, "its own first bid");
    }

    function refuses(uint256 amount, bytes memory why) private {
        Bid memory b = bidOf(buyer, amount);
        vm.prank(buyer);
        vm.expectRevert(why);
        auctions.bid{value: amount}(a, b, "");
    }

    /// Whoever pays for another would else choose the key that opens the data.
    function test_AnotherBidsForABidderWithTheKeysThatItSigned() public {
        openFor(a, o);
        Bid memory b = bidOf(other, reserve);
        bytes memory why = abi.encodeWithSelector(IAuctions.BadSignature.selector, other);
        refusesFor(b, "", why);
        refusesFor(b, signature(PATIENT_KEY, bidHash(id, b)), why);
        refusesFor(b, signature(OTHER_KEY, bidHash(keccak256("another"), b)), why);
        bytes memory signed = signature(OTHER_KEY, bidHash(id, b));
        (b.keyX, b.keyY) = (1, 2);
        refusesFor(b, signed, why);
        b = bidOf(other, reserve);
        b.hpkeHash = 0;
        refusesFor(b, signed, why);
        b = bidOf(other, reserve);
        vm.prank(relayer);
        auctions.bid{value: reserve}(a, b, signed);
        isLot(other, END, AuctionState.Open, false, reserve);
        // The same signature again, for more: the caller pays, and it is the bidder's.
        b.amount = 2 ether;
        vm.prank(relayer);
        auctions.bid{value: 2 ether}(a, b, signed);
        eq(auctions.owed(MONEY, other), reserve, "the bidder's");
        vm.warp(END + 1);
        settleUsual(a, o);
    }

    function refusesFor(Bid memory b, bytes memory signed, bytes memory why) private {
        vm.prank(relayer);
        vm.expectRevert(why);
        auctions.bid{value: reserve}(a, b, signed);
    }

    function testFuzz_NobodyElseBidsInAName(uint256 key, bytes32 hpkeHash, uint96 more, bool ofToken) public {
        key = key % 2 ** 250 + 1;
        vm.assume(vm.addr(key) != other);
        Sale memory s = auctionSale(2);
        if (ofToken) {
            (Auction memory auction, bytes32 auctionId) = (auctionOf(s), idOf(auctionOf(s)));
            (a, id) = (auction, auctionId);
            openFor(a, s);
        } else {
            openFor(a, o);
        }
        Bid memory b = bidOf(other, reserve + more);
        b.hpkeHash = hpkeHash;
        bytes memory signed = signature(key, bidHash(id, b));
        vm.prank(relayer);
        vm.expectRevert(abi.encodeWithSelector(IAuctions.BadSignature.selector, other));
        auctions.bid{value: b.amount}(a, b, signed);
        signed = signature(OTHER_KEY, bidHash(id, b));
        vm.prank(relayer);
        auctions.bid{value: b.amount}(a, b, signed);
        isLot(other, END, AuctionState.Open, ofToken, b.amount);
    }

    function test_ABidIsPaidWhole() public {
        openFor(a, o);
        Bid memory b = bidOf(other, reserve);
        vm.prank(other);
        vm.expectRevert(abi.encodeWithSelector(Money.WrongValue.selector, reserve - 1, reserve));
        auctions.bid{value: reserve - 1}(a, b, "");
    }

    function test_ABidNamesABidderWithAKey() public {
        openFor(a, o);
        refusesBid(Bid(address(0), uint128(reserve), 1, 2, 0), abi.encodeWithSelector(IAuctions.ZeroAddress.selector));
        refusesBid(Bid(other, uint128(reserve), 1, 3, 0), abi.encodeWithSelector(IAuctions.BadPoint.selector));
        refusesBid(Bid(other, uint128(reserve), 0, 0, 0), abi.encodeWithSelector(IAuctions.BadPoint.selector));
    }

    function refusesBid(Bid memory b, bytes memory why) private {
        vm.prank(other);
        vm.expectRevert(why);
        auctions.bid{value: reserve}(a, b, "");
    }

    function test_ABidIsInTime() public {
        a.startsAt = uint64(START + 1 hours);
        id = idOf(a);
        refuses(reserve, inState(AuctionState.None));
        openFor(a, o);
        vm.warp(START + 1 hours - 1);
        refuses(reserve, abi.encodeWithSelector(IAuctions.TooEarly.selector, START + 1 hours - 1));
        vm.warp(START + 1 hours);
        bidAs(buyer, a, reserve);
        a.extension = 0;
        id = idOf(a);
        openFor(a, o);
        vm.warp(END + 1);
        refuses(reserve, abi.encodeWithSelector(IAuctions.TooLate.selector, END));
        vm.warp(END);
        bidAs(buyer, a, reserve);
        isLot(buyer, END, AuctionState.Open, false, reserve);
    }

    function test_ALateBidLeavesOthersTime() public {
        openFor(a, o);
        vm.warp(END - 10 minutes);
        bidAs(other, a, reserve);
        isLot(other, END, AuctionState.Open, false, reserve);
        vm.warp(END - 10 minutes + 1);
        bidAs(other, a, 2 ether);
        isLot(other, END + 1, AuctionState.Open, false, 2 ether);
        vm.warp(END + 1);
        bidAs(other, a, 3 ether);
        isLot(other, END + 1 + 10 minutes, AuctionState.Open, false, 3 ether);
    }

    function test_AllBidsTogetherPutTheEndOffByADay() public {
        a.extension = 1 hours;
        id = idOf(a);
        openFor(a, o);
        uint256 amount = reserve;
        uint256 now_ = END;
        for (uint256 i = 0; i < 24; ++i) {
            vm.warp(now_);
            bidAs(other, a, amount);
            amount = step(amount);
            now_ += 1 hours;
        }
        eq(auctions.lot(id).endsAt, END + 1 days, "the last end");
        vm.warp(END + 1 days);
        bidAs(other, a, amount);
        eq(auctions.lot(id).endsAt, END + 1 days, "no later");
        vm.warp(END + 1 days + 1);
        settleUsual(a, o);
    }

    // What a seller can do and cannot.

    function test_ASellerCancelsUntilSomebodyBids() public {
        openFor(a, o);
        bytes memory signed = signature(OTHER_KEY, cancelAuctionHash(id));
        vm.expectRevert(abi.encodeWithSelector(IAuctions.BadSignature.selector, patient));
        auctions.cancel(a, signed);
        signed = signature(PATIENT_KEY, cancelAuctionHash(id));
        vm.expectEmit(true, true, true, true, address(auctions));
        emit IAuctions.Cancelled(id);
        auctions.cancel(a, signed);
        isLot(address(0), END, AuctionState.Cancelled, false, 0);
        vm.expectRevert(inState(AuctionState.Cancelled));
        auctions.cancel(a, signed);
        refuses(reserve, inState(AuctionState.Cancelled));
        // One that is not opened is never opened.
        a.endsAt += 1;
        id = idOf(a);
        auctions.cancel(a, signature(PATIENT_KEY, cancelAuctionHash(id)));
        (bytes memory byAuction, bytes memory byOffer) =
            (signature(PATIENT_KEY, id), signature(PATIENT_KEY, hashOf(o)));
        vm.expectRevert(inState(AuctionState.Cancelled));
        auctions.open(a, byAuction, o, byOffer);
        a.endsAt += 1;
        id = idOf(a);
        openFor(a, o);
        bidAs(other, a, reserve);
        signed = signature(PATIENT_KEY, cancelAuctionHash(id));
        vm.expectRevert(abi.encodeWithSelector(IAuctions.HasBid.selector, id));
        auctions.cancel(a, signed);
        vm.warp(END + 3);
        settleUsual(a, o);
        vm.expectRevert(abi.encodeWithSelector(IAuctions.HasBid.selector, id));
        auctions.cancel(a, signed);
    }

    function test_ASellerThatRenegesGivesTheMoneyBack() public {
        openFor(a, o);
        bidAs(other, a, reserve);
        exchange.cancel(patient, hashOf(o), signature(PATIENT_KEY, cancelHash(hashOf(o))));
        goesBack(abi.encodeWithSelector(IExchange.Closed.selector, hashOf(o)));
    }

    function test_ASellerThatRaisedItsSaltGivesTheMoneyBack() public {
        openFor(a, o);
        bidAs(other, a, reserve);
        exchange.cancelBelow(patient, 2, signature(PATIENT_KEY, cancelBelowHash(2)));
        goesBack(abi.encodeWithSelector(IExchange.Stale.selector, 2));
    }

    function test_ASellerThatOwnsTheTokenNoMoreGivesTheMoneyBack() public {
        openFor(a, o);
        bidAs(other, a, reserve);
        vm.prank(patient);
        assets.transferFrom(patient, doctor, o.tokenId);
        goesBack(abi.encodeWithSelector(IExchange.NotOwner.selector, o.tokenId, patient));
    }

    function goesBack(bytes memory why) private {
        (uint256 x, uint256 y) = buyerKey();
        bytes memory signed = signature(PATIENT_KEY, hashOf(o));
        vm.warp(END + 8 days);
        vm.expectRevert(why);
        auctions.settle(a, o, signed, x, y, HPKE_HASH);
        wants(IAuctions.TooEarly.selector, END + 8 days);
        auctions.refund(a);
        vm.warp(END + 8 days + 1);
        wants(IAuctions.TooLate.selector, END + 8 days);
        auctions.settle(a, o, signed, x, y, HPKE_HASH);
        vm.expectEmit(true, true, true, true, address(auctions));
        emit IAuctions.Refunded(id, other, reserve);
        auctions.refund(a);
        eq(auctions.owed(MONEY, other), reserve, "owed");
        isLot(other, END, AuctionState.Refunded, false, reserve);
        vm.expectRevert(inState(AuctionState.Refunded));
        auctions.refund(a);
        vm.expectRevert(inState(AuctionState.Refunded));
        auctions.settle(a, o, signed, x, y, HPKE_HASH);
        uint256 before = other.balance;
        auctions.withdraw(MONEY, other);
        eq(other.balance, before + reserve, "back");
    }

    function test_ATokenWithoutApprovalGivesTheMoneyBack() public {
        Sale memory s = auctionSale(2);
        Auction memory auction = auctionOf(s);
        openFor(auction, s);
        bidAs(other, auction, reserve);
        vm.warp(END + 1);
        bytes memory signed = signature(PATIENT_KEY, hashOf(s));
        vm.expectRevert();
        auctions.settleSale(auction, s, signed, usualOrigin());
        // It can still be given in time.
        vm.warp(END + 8 days);
        approveAll(patient);
        settleUsual(auction, s);
        eq(assets.ownerOf(s.tokenId), other, "owner");
    }

    function test_TwoAuctionsOfOneOrderFillItOnce() public {
        openFor(a, o);
        bidAs(other, a, reserve);
        Auction memory second = a;
        second.stepBps = 501;
        openFor(second, o);
        bidAs(buyer, second, reserve);
        vm.warp(END + 1);
        settleUsual(second, o);
        goesBack(abi.encodeWithSelector(IExchange.Closed.selector, hashOf(o)));
    }

    function test_WithoutABidThereIsNothingToSettle() public {
        openFor(a, o);
        vm.warp(END + 9 days);
        bytes memory why = abi.encodeWithSelector(IAuctions.NoBid.selector, id);
        vm.expectRevert(why);
        auctions.refund(a);
        (uint256 x, uint256 y) = buyerKey();
        vm.expectRevert(why);
        auctions.settle(a, o, "", x, y, HPKE_HASH);
    }

    // Orders.

    function test_OnlyTheNamedOrderIsSettled() public {
        openFor(a, o);
        bidAs(other, a, reserve);
        vm.warp(END + 1);
        (uint256 x, uint256 y) = buyerKey();
        Offer memory another = auctionOffer(9);
        bytes memory signed = signature(PATIENT_KEY, hashOf(another));
        wants(IAuctions.WrongOrder.selector);
        auctions.settle(a, another, signed, x, y, HPKE_HASH);
        // As a token's neither.
        approveAll(patient);
        Sale memory s = auctionSale(9);
        signed = signature(PATIENT_KEY, hashOf(s));
        wants(IAuctions.WrongOrder.selector);
        auctions.settleSale(a, s, signed, usualOrigin());
        signed = signature(PATIENT_KEY, hashOf(o));
        wants(IAuctions.WrongKeys.selector);
        auctions.settle(a, o, signed, 1, 2, HPKE_HASH);
        wants(IAuctions.WrongKeys.selector);
        auctions.settle(a, o, signed, x, y, 0);
        wants(IAuctions.WrongKeys.selector);
        auctions.settle(a, o, signed, x, y + 1, HPKE_HASH);
        settleUsual(a, o);
    }

    function test_AnOfferFitsItsAuction() public {
        Offer memory bad = auctionOffer(1);
        bad.taker = relayer;
        misfits(bad);
        bad = auctionOffer(1);
        bad.seller = other;
        misfits(bad);
        bad = auctionOffer(1);
        bad.currency = address(coin);
        misfits(bad);
        bad = auctionOffer(1);
        bad.price += 1;
        misfits(bad);
        bad = auctionOffer(1);
        bad.floor -= 1;
        misfits(bad);
        bad = auctionOffer(1);
        bad.copies = 2;
        misfits(bad);
        bad = auctionOffer(1);
        bad.endsAt = uint64(END + 9 days - 1);
        misfits(bad);
        bad = auctionOffer(1);
        Auction memory another = a;
        another.orderHash = keccak256("another");
        (bytes memory byAuction, bytes memory byOffer) =
            (signature(PATIENT_KEY, idOf(another)), signature(PATIENT_KEY, hashOf(bad)));
        wants(IAuctions.WrongOrder.selector);
        auctions.open(another, byAuction, bad, byOffer);
        bad.endsAt = uint64(END + 9 days);
        openFor(auctionOf(bad), bad);
    }

    /// @dev The usual auction of this offer is refused.
    function misfits(Offer memory bad) private {
        Auction memory wrong = a;
        wrong.orderHash = hashOf(bad);
        (bytes memory byAuction, bytes memory byOffer) =
            (signature(PATIENT_KEY, idOf(wrong)), signature(PATIENT_KEY, wrong.orderHash));
        wants(IAuctions.WrongOrder.selector);
        auctions.open(wrong, byAuction, bad, byOffer);
    }

    function test_ASaleFitsItsAuction() public {
        Sale memory bad = auctionSale(1);
        bad.taker = relayer;
        misfits(bad);
        bad = auctionSale(1);
        bad.seller = other;
        misfits(bad);
        bad = auctionSale(1);
        bad.currency = address(coin);
        misfits(bad);
        bad = auctionSale(1);
        bad.price += 1;
        misfits(bad);
        bad = auctionSale(1);
        bad.floor -= 1;
        misfits(bad);
        bad = auctionSale(1);
        bad.endsAt = uint64(END + 9 days - 1);
        misfits(bad);
        bad = auctionSale(1);
        (bytes memory byAuction, bytes memory bySale) =
            (signature(PATIENT_KEY, id), signature(PATIENT_KEY, hashOf(bad)));
        wants(IAuctions.WrongOrder.selector);
        auctions.openSale(a, byAuction, bad, bySale);
        bad.endsAt = uint64(END + 9 days);
        openFor(auctionOf(bad), bad);
    }

    function misfits(Sale memory bad) private {
        Auction memory wrong = a;
        wrong.orderHash = hashOf(bad);
        (bytes memory byAuction, bytes memory bySale) =
            (signature(PATIENT_KEY, idOf(wrong)), signature(PATIENT_KEY, wrong.orderHash));
        wants(IAuctions.WrongOrder.selector);
        auctions.openSale(wrong, byAuction, bad, bySale);
    }

    function test_AnAuctionIsWithinBounds() public {
        Auction memory bad = a;
        bad.stepBps = 99;
        isBad(bad);
        bad.stepBps = 5001;
        isBad(bad);
        (bad.stepBps, bad.extension) = (100, 1 hours + 1);
        isBad(bad);
        (bad.extension, bad.startsAt) = (1 hours, bad.endsAt + 1);
        isBad(bad);
        bad.startsAt = bad.endsAt;
        openFor(bad, o);
        bad.stepBps = 5000;
        openFor(bad, o);
        (bad.startsAt, bad.endsAt) = (0, uint64(START - 1));
        isBad(bad);
        (bad.startsAt, bad.endsAt) = (uint64(START), uint64(START));
        openFor(bad, o);
        o.endsAt = uint64(START + 200 days);
        (bad.orderHash, bad.endsAt) = (hashOf(o), uint64(START + 90 days + 1));
        isBad(bad);
        bad.endsAt = uint64(START + 90 days);
        openFor(bad, o);
        (o.price, o.floor) = (2 ** 128, 2 ** 128);
        (bad.orderHash, bad.reserve) = (hashOf(o), 2 ** 128);
        isBad(bad);
        (o.price, o.floor) = (2 ** 128 - 1, 2 ** 128 - 1);
        (bad.orderHash, bad.reserve) = (hashOf(o), 2 ** 128 - 1);
        openFor(bad, o);
    }

    function isBad(Auction memory bad) private {
        (bytes memory byAuction, bytes memory byOffer) =
            (signature(PATIENT_KEY, idOf(bad)), signature(PATIENT_KEY, hashOf(o)));
        wants(IAuctions.BadAuction.selector);
        auctions.open(bad, byAuction, o, byOffer);
    }

    function test_AnAuctionMayStartAtNothing() public {
        (o.price, o.floor) = (0, 0);
        a = auctionOf(o);
        id = idOf(a);
        openFor(a, o);
        bidAs(other, a, 0);
        eq(auctions.leastBid(a), 1, "one more");
        refuses(0, abi.encodeWithSelector(IAuctions.TooLow.selector, 1));
        bidAs(buyer, a, 1);
        eq(auctions.leastBid(a), 2, "one more");
        vm.warp(END + 1);
        settleUsual(a, o);
        eq(address(exchange).balance, 1, "paid");
    }

    // A pause, contracts that refuse, tokens that cheat.

    function test_APauseStopsNewAuctionsOnly() public {
        openFor(a, o);
        bidAs(other, a, reserve);
        brake.pull(uint64(START + 7 days));
        bytes memory paused = abi.encodeWithSelector(IPause.Paused.selector, START + 7 days);
        // The time of an auction goes on: nobody wins by a pause.
        bidAs(buyer, a, 2 ether);
        bidAs(other, a, 3 ether);
        (bytes memory byAuction, bytes memory byOffer) =
            (signature(PATIENT_KEY, id), signature(PATIENT_KEY, hashOf(o)));
        vm.expectRevert(paused);
        auctions.open(a, byAuction, o, byOffer);
        vm.warp(END + 1);
        (uint256 x, uint256 y) = buyerKey();
        vm.expectRevert(paused);
        auctions.settle(a, o, byOffer, x, y, HPKE_HASH);
        // The longest pause leaves time to settle.
        vm.warp(START + 8 days);
        settleUsual(a, o);
        auctions = Auctions(deploy("Auctions", abi.encode(exchange, address(0))));
        o.taker = address(auctions);
        a = auctionOf(o);
        (a.startsAt, a.endsAt) = (uint64(START + 8 days), uint64(START + 9 days));
        openFor(a, o);
        fund(other);
        bidAs(other, a, reserve);
        // Neither does it stop the way out.
        brake.pull(uint64(START + 30 days));
        vm.warp(START + 17 days + 1);
        auctions.refund(a);
        auctions.withdraw(MONEY, other);
    }

    function test_ABidderThatRefusesHarmsItselfAlone() public {
        Receiver stubborn = new Receiver();
        stubborn.refuse(true);
        openFor(a, o);
        Bid memory b = bidOf(address(stubborn), reserve);
        vm.prank(other);
        auctions.bid{value: reserve}(a, b, "any");
        bidAs(buyer, a, 2 ether);
        wants(Money.PaymentRefused.selector, address(stubborn));
        auctions.withdraw(MONEY, address(stubborn));
        stubborn.run(address(auctions), 0, abi.encodeCall(ILedger.withdrawTo, (MONEY, address(0xFEED))));
        eq(address(0xFEED).balance, reserve, "sent on");
        vm.warp(END + 1);
        settleUsual(a, o);
    }

    function test_AContractAuctionsByItsOwnSignature() public {
        Wallet wallet = new Wallet();
        vm.prank(patient);
        assets.transferFrom(patient, address(wallet), o.tokenId);
        o.seller = address(wallet);
        a.seller = address(wallet);
        a.orderHash = hashOf(o);
        vm.expectRevert(abi.encodeWithSelector(IAuctions.BadSignature.selector, wallet));
        auctions.open(a, "", o, "");
        wallet.be(Wallet.Mood.Honest);
        id = auctions.open(a, "", o, "");
        bidAs(other, a, reserve);
        // It signs no more: the money goes back.
        wallet.be(Wallet.Mood.Refuses);
        goesBack(abi.encodeWithSelector(IExchange.BadSignature.selector, wallet));
    }

    function test_ATokenThatTakesAFeeIsRefusedByName() public {
        Coin fee = new Coin(Coin.Habit.TakesAFee);
        fee.mint(other, 1e30);
        vm.prank(other);
        fee.approve(address(auctions), type(uint256).max);
        o.currency = address(fee);
        a = auctionOf(o);
        openFor(a, o);
        Bid memory b = bidOf(other, reserve);
        vm.prank(other);
        vm.expectRevert(abi.encodeWithSelector(Money.NotWhole.selector, fee, reserve - reserve / 100, reserve));
        auctions.bid(a, b, "");
    }

    /// While a bid is paid, the token takes out what is owed to who was outbid: then the bid has not arrived.
    function test_ATokenThatCallsBackGetsNothing() public {
        Coin thief = new Coin(Coin.Habit.CallsBack);
        address[2] memory people = [other, buyer];
        for (uint256 i = 0; i < 2; ++i) {
            thief.mint(people[i], 1e30);
            vm.prank(people[i]);
            thief.approve(address(auctions), type(uint256).max);
        }
        o.currency = address(thief);
        a = auctionOf(o);
        openFor(a, o);
        bidAs(other, a, reserve);
        thief.reenter(address(auctions), abi.encodeCall(ILedger.withdraw, (address(thief), other)));
        Bid memory b = bidOf(buyer, 2 ether);
        vm.prank(buyer);
        vm.expectRevert(abi.encodeWithSelector(Money.NotWhole.selector, thief, 2 ether - reserve, 2 ether));
        auctions.bid(a, b, "");
        // It settles no auction twice.
        vm.warp(END + 1);
        (uint256 x, uint256 y) = buyerKey();
        bytes memory signed = signature(PATIENT_KEY, hashOf(o));
        thief.reenter(address(auctions), abi.encodeCall(IAuctions.settle, (a, o, signed, x, y, HPKE_HASH)));
        uint256 before = thief.reentered(); // of nobody
        settleUsual(a, o);
        eq(thief.reentered(), before, "calls back that worked");
        eq(thief.balanceOf(address(exchange)), reserve, "escrow");
    }

    function test_ATokenThatShrinksHarmsNoOtherCurrency() public {
        openFor(a, o);
        bidAs(other, a, reserve);
        Offer memory second = auctionOffer(2);
        second.currency = address(coin);
        Auction memory inCoin = auctionOf(second);
        openFor(inCoin, second);
        bidAs(other, inCoin, reserve);
        coin.shrink(address(auctions), reserve / 2);
        vm.warp(END + 1);
        bytes memory signed = signature(PATIENT_KEY, hashOf(second));
        (uint256 x, uint256 y) = buyerKey();
        vm.expectRevert();
        auctions.settle(inCoin, second, signed, x, y, HPKE_HASH);
        settleUsual(a, o);
        eq(address(exchange).balance, reserve, "paid");
    }

    // Fuzz.

    function testFuzz_MoneyIsWithTheExchangeOrOwedToTheWei(uint96 first, uint96 more, uint16 bps, bool inToken, bool ends)
        public
    {
        bps = bps % 4901 + 100;
        (o.price, o.floor) = (first, first);
        if (inToken) o.currency = address(coin);
        a = auctionOf(o);
        a.stepBps = bps;
        id = idOf(a);
        openFor(a, o);
        bidAs(other, a, first);
        uint256 more_ = (uint256(first) * bps + 9999) / 10_000;
        uint256 least = first + (more_ == 0 ? 1 : more_);
        eq(auctions.leastBid(a), least, "least");
        uint256 second = least + more;
        bidAs(buyer, a, second);
        eq(auctions.owed(o.currency, other), first, "outbid");
        vm.warp(END + (ends ? 1 : 8 days + 1));
        if (ends) settleUsual(a, o);
        else auctions.refund(a);
        eq(auctions.owed(o.currency, buyer), ends ? 0 : second, "owed");
        if (first != 0) auctions.withdraw(o.currency, other);
        if (!ends) auctions.withdraw(o.currency, buyer);
        eq(inToken ? coin.balanceOf(address(auctions)) : address(auctions).balance, 0, "all is out");
        eq(inToken ? coin.balanceOf(address(exchange)) : address(exchange).balance, ends ? second : 0, "escrow");
    }

    function testFuzz_TheEndIsKeptToTheSecond(uint32 when, uint16 extension) public {
        extension = extension % (1 hours + 1);
        when = when % (1 days + 1);
        a.extension = extension;
        id = idOf(a);
        openFor(a, o);
        vm.warp(START + when);
        bidAs(other, a, reserve);
        uint256 end = START + when + extension;
        if (end < END) end = END;
        eq(auctions.lot(id).endsAt, end, "end");
        vm.warp(end + 1);
        refuses(2 ether, abi.encodeWithSelector(IAuctions.TooLate.selector, end));
        settleUsual(a, o);
    }

    function testFuzz_NobodyElseSpeaksForTheSeller(uint256 key) public {
        key = key % 2 ** 250 + 1;
        vm.assume(vm.addr(key) != patient);
        bytes memory why = abi.encodeWithSelector(IAuctions.BadSignature.selector, patient);
        bytes memory signed = signature(key, id);
        bytes memory byOffer = signature(PATIENT_KEY, hashOf(o));
        vm.expectRevert(why);
        auctions.open(a, signed, o, byOffer);
        Sale memory s = auctionSale(2);
        Auction memory ofToken = auctionOf(s);
        signed = signature(PATIENT_KEY, idOf(ofToken));
        byOffer = signature(key, hashOf(s));
        vm.expectRevert(why);
        auctions.openSale(ofToken, signed, s, byOffer);
        signed = signature(key, cancelAuctionHash(id));
        vm.expectRevert(why);
        auctions.cancel(a, signed);
    }

    function testFuzz_OnlyTheKeysOfTheBidAreFilled(uint256 secret, bytes32 hpkeHash) public {
        openFor(a, o);
        bidAs(other, a, reserve);
        vm.warp(END + 1);
        (uint256 x, uint256 y) = buyerKey();
        vm.assume(secret != x && hpkeHash != HPKE_HASH);
        bytes memory signed = signature(PATIENT_KEY, hashOf(o));
        wants(IAuctions.WrongKeys.selector);
        auctions.settle(a, o, signed, secret, y, HPKE_HASH);
        wants(IAuctions.WrongKeys.selector);
        auctions.settle(a, o, signed, x, y, hpkeHash);
    }

    function isLot(address bidder, uint256 endsAt, AuctionState state, bool ofToken, uint256 amount) private view {
        Lot memory l = auctions.lot(id);
        eq(l.bidder, bidder, "bidder");
        eq(l.endsAt, endsAt, "ends");
        eq(uint256(l.state), uint256(state), "state");
        isTrue(l.ofToken == ofToken, "of a token");
        eq(l.amount, amount, "amount");
    }
}
