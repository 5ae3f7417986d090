// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAssets} from "../src/IAssets.sol";
import {Delivery, IExchange, Offer, Origin, Sale} from "../src/IExchange.sol";
import {ILicences} from "../src/ILicences.sol";
import {IRoyalties} from "../src/IRoyalties.sol";
import {IRoyalty} from "../src/IRoyalty.sol";
import {Money} from "../src/Money.sol";
import {ExchangeStand} from "./ExchangeStand.sol";
import {Receiver} from "./hostile/Receiver.sol";
import {Wallet} from "./hostile/Wallet.sol";

/// @notice Sales of tokens themselves: assets and licences.
contract ExchangeTokensTest is ExchangeStand {
    // Tokens themselves.

    function test_ACreatorsAssetPaysTheSplitAll() public {
        approveAll(patient);
        Sale memory s = usualSale();
        address till = IRoyalties(assets.royalties()).receiverOf(id);
        bytes memory signed = signature(PATIENT_KEY, hashOf(s));
        vm.expectEmit(true, true, true, true, address(exchange));
        emit IExchange.Credited(hashOf(s), till, MONEY, price);
        vm.expectEmit(true, true, true, true, address(exchange));
        emit IExchange.Sold(hashOf(s), address(assets), id, patient, other, MONEY, price);
        vm.prank(buyer);
        exchange.buy{value: price + 3}(s, signed, other, usualOrigin());
        eq(assets.ownerOf(id), other, "owner");
        eq(exchange.hashSale(s), hashOf(s), "hashSale");
        eq(exchange.owed(MONEY, buyer), 3, "change");
        exchange.withdraw(MONEY, till);
        IRoyalties(assets.royalties()).open(id);
        IRoyalty(till).distribute(MONEY, CONTENT, usualSplit());
        IRoyalty(till).withdraw(MONEY, doctor);
        eq(doctor.balance, price * 2999 / 10_000, "doctor");
    }

    function test_ALaterOwnersAssetPaysTheRoyalty() public {
        vm.prank(patient);
        assets.transferFrom(patient, other, id);
        approveAll(other);
        Sale memory s = usualSale();
        (s.seller, s.currency) = (other, address(coin));
        buyAs(buyer, s, OTHER_KEY);
        eq(assets.ownerOf(id), buyer, "owner");
        eq(exchange.owed(address(coin), IRoyalties(assets.royalties()).receiverOf(id)), price / 10, "royalty");
        eq(exchange.owed(address(coin), other), price - price / 10, "seller");
        eq(coin.balanceOf(address(exchange)), price, "here");
    }

    function refusesSale(Sale memory s, uint256 key, Origin memory origin, bytes memory why) private {
        bytes memory signed = signature(key, hashOf(s));
        vm.prank(buyer);
        vm.expectRevert(why);
        exchange.buy{value: s.price}(s, signed, buyer, origin);
    }

    function test_ASaleWantsWhatAnOfferWants() public {
        approveAll(patient);
        Sale memory s = usualSale();
        Origin memory o = usualOrigin();
        refusesSale(s, OTHER_KEY, o, bySigner());
        s.endsAt = uint64(START - 1);
        refusesSale(s, PATIENT_KEY, o, abi.encodeWithSelector(IExchange.Ended.selector, s.endsAt));
        s = usualSale();
        s.taker = relayer;
        refusesSale(s, PATIENT_KEY, o, abi.encodeWithSelector(IExchange.NotTaker.selector, relayer));
        s = usualSale();
        s.collection = address(identity);
        refusesSale(s, PATIENT_KEY, o, abi.encodeWithSelector(IExchange.NotSoldHere.selector, identity));
        s = usualSale();
        s.seller = other;
        refusesSale(s, OTHER_KEY, o, abi.encodeWithSelector(IExchange.NotOwner.selector, id, other));
        s = usualSale();
        s.floor = s.price + 1;
        refusesSale(s, PATIENT_KEY, o, abi.encodeWithSelector(IExchange.BadPrice.selector));
        exchange.cancelBelow(patient, 2, signature(PATIENT_KEY, cancelBelowHash(2)));
        refusesSale(usualSale(), PATIENT_KEY, o, abi.encodeWithSelector(IExchange.Stale.selector, 2));
        s = usualSale();
        s.salt = 2;
        exchange.cancel(patient, hashOf(s), signature(PATIENT_KEY, cancelHash(hashOf(s))));
        refusesSale(s, PATIENT_KEY, o, abi.encodeWithSelector(IExchange.Closed.selector, hashOf(s)));
        s.salt = 3;
        bytes memory signed = signature(PATIENT_KEY, hashOf(s));
        wants(IExchange.ZeroAddress.selector);
        exchange.buy(s, signed, address(0), o);
        vm.prank(buyer);
        vm.expectRevert(abi.encodeWithSelector(Money.WrongValue.selector, price - 1, price));
        exchange.buy{value: price - 1}(s, signed, buyer, o);
    }

    /// A creator and its buyer may not leave the others of the split out by naming another origin.
    function test_ASaleNamesTheRightCreator() public {
        approveAll(patient);
        bytes memory why = abi.encodeWithSelector(IExchange.WrongAsset.selector);
        Origin memory o = usualOrigin();
        o.creator = doctor;
        refusesSale(usualSale(), PATIENT_KEY, o, why);
        o = usualOrigin();
        o.splitHash = 0;
        refusesSale(usualSale(), PATIENT_KEY, o, why);
        o = usualOrigin();
        o.contentCommitment = 0;
        refusesSale(usualSale(), PATIENT_KEY, o, why);
    }

    function test_ASaleWantsTheSellersApproval() public {
        bytes memory why = abi.encodeWithSelector(IAssets.NotApproved.selector, id, exchange);
        refusesSale(usualSale(), PATIENT_KEY, usualOrigin(), why);
        vm.prank(patient);
        assets.approve(address(exchange), id);
        buyAs(buyer, usualSale(), PATIENT_KEY);
    }

    function test_ASoldTokenThatComesBackIsNotSoldAgain() public {
        approveAll(patient);
        Sale memory s = usualSale();
        buyAs(buyer, s, PATIENT_KEY);
        vm.prank(buyer);
        assets.transferFrom(buyer, patient, id);
        refusesSale(s, PATIENT_KEY, usualOrigin(), abi.encodeWithSelector(IExchange.Closed.selector, hashOf(s)));
    }

    function test_ATokenSellsAtAFallingPrice() public {
        approveAll(patient);
        Sale memory s = usualSale();
        (s.price, s.floor, s.startsAt, s.endsAt) = (100, 40, uint64(START), uint64(START + 60));
        vm.warp(START + 30);
        buyAs(buyer, s, PATIENT_KEY);
        eq(exchange.owed(MONEY, buyer), 30, "change");
        eq(exchange.owed(MONEY, IRoyalties(assets.royalties()).receiverOf(id)), 70, "split");
    }

    function test_ATransferableLicenceIsResoldByASignature() public {
        Offer memory o = usualOffer();
        o.transferable = true;
        stock(coin, other);
        bytes32 tradeId = fillAs(other, o, PATIENT_KEY);
        deliverHere(tradeId, CEK);
        releaseAs(other, o, other);
        Sale memory s = usualSale();
        (s.seller, s.collection, s.tokenId, s.currency) = (other, address(licences), uint256(tradeId), address(coin));
        buyAs(buyer, s, OTHER_KEY);
        eq(licences.ownerOf(uint256(tradeId)), buyer, "owner");
        eq(exchange.owed(address(coin), IRoyalties(assets.royalties()).receiverOf(id)), price / 10, "royalty");
        eq(exchange.owed(address(coin), other), price - price / 10, "seller");
        isTrue(licences.allows(uint256(tradeId), buyer) && !licences.allows(uint256(tradeId), other), "allowed");
    }

    function test_ALicenceThatIsOverIsNotResold() public {
        Offer memory o = usualOffer();
        (o.transferable, o.term) = (true, 30 days);
        stock(coin, other);
        bytes32 tradeId = fillAs(other, o, PATIENT_KEY);
        deliverHere(tradeId, CEK);
        releaseAs(other, o, other);
        Sale memory s = usualSale();
        (s.seller, s.collection, s.tokenId) = (other, address(licences), uint256(tradeId));
        s.endsAt = uint64(START + 60 days);
        bytes memory why = abi.encodeWithSelector(ILicences.LicenceOver.selector, tradeId);
        vm.warp(START + 30 days + 1);
        refusesSale(s, OTHER_KEY, usualOrigin(), why);
        vm.warp(START + 30 days);
        exchange.revoke(o, purchaseOf(o, other), signature(PATIENT_KEY, revokeHash(tradeId)));
        refusesSale(s, OTHER_KEY, usualOrigin(), why);
        // To give it away is free, to whoever wants it.
        vm.prank(other);
        licences.transferFrom(other, buyer, uint256(tradeId));
    }

    function testFuzz_ALicenceIsResoldWhileItIsValid(uint32 term, uint32 when, bool revoked) public {
        Offer memory o = usualOffer();
        (o.transferable, o.term) = (true, term);
        bytes32 tradeId = fillAs(other, o, PATIENT_KEY);
        deliverHere(tradeId, CEK);
        releaseAs(other, o, other);
        if (revoked) exchange.revoke(o, purchaseOf(o, other), signature(PATIENT_KEY, revokeHash(tradeId)));
        Sale memory s = usualSale();
        (s.seller, s.collection, s.tokenId) = (other, address(licences), uint256(tradeId));
        s.endsAt = type(uint64).max;
        vm.warp(START + when);
        if (revoked || (term != 0 && when > term)) {
            bytes memory why = abi.encodeWithSelector(ILicences.LicenceOver.selector, tradeId);
            refusesSale(s, OTHER_KEY, usualOrigin(), why);
            return;
        }
        buyAs(buyer, s, OTHER_KEY);
        eq(licences.ownerOf(uint256(tradeId)), buyer, "owner");
    }

    function test_AnotherLicenceIsNotResold() public {
        bytes32 tradeId = trade(usualOffer());
        Sale memory s = usualSale();
        (s.collection, s.tokenId, s.seller) = (address(licences), uint256(tradeId), other);
        vm.deal(buyer, 10 ether);
        refusesSale(s, OTHER_KEY, usualOrigin(), abi.encodeWithSelector(IExchange.NotOwner.selector, tradeId, other));
        // Its owner is a contract that signs all.
        Receiver owner = new Receiver();
        Offer memory o = usualOffer();
        o.copies = 0;
        (uint256 x, uint256 y) = buyerKey();
        bytes memory signed = signature(PATIENT_KEY, hashOf(o));
        vm.prank(buyer);
        tradeId = exchange.fill{value: price}(o, signed, address(owner), x, y, HPKE_HASH, "any");
        deliverHere(tradeId, CEK);
        vm.warp(START + 3 hours);
        releaseAs(relayer, o, address(owner));
        (s.tokenId, s.seller) = (uint256(tradeId), address(owner));
        bytes memory why = abi.encodeWithSelector(ILicences.NotTransferable.selector, tradeId);
        refusesSale(s, OTHER_KEY, usualOrigin(), why);
    }

    // Sellers that are contracts.

    function test_AContractSellsByItsOwnSignature() public {
        Wallet wallet = new Wallet();
        vm.prank(patient);
        assets.transferFrom(patient, address(wallet), id);
        Offer memory o = usualOffer();
        o.seller = address(wallet);
        bytes memory why = abi.encodeWithSelector(IExchange.BadSignature.selector, wallet);
        for (uint256 i = 0; i < uint256(Wallet.Mood.Honest); ++i) {
            wallet.be(Wallet.Mood(i));
            refuses(o, "", price, why);
        }
        wallet.be(Wallet.Mood.Honest);
        (uint256 x, uint256 y) = buyerKey();
        vm.prank(buyer);
        bytes32 tradeId = exchange.fill{value: price}(o, "", buyer, x, y, HPKE_HASH, "");
        // It lies from now on: no delivery, and the buyer has the money back.
        wallet.be(Wallet.Mood.Refuses);
        Delivery memory d = deliveryOf(tradeId, CEK);
        vm.expectRevert(why);
        exchange.deliver(d, "");
        vm.warp(START + 1 hours + 1);
        exchange.refund(o, purchaseOf(o, buyer));
        eq(exchange.owed(MONEY, buyer), price, "owed");
    }

    // Fuzz.

    function testFuzz_ASaleIsExactToTheWei(uint96 amount, bool bySplit, bool inCoin) public {
        Sale memory s = usualSale();
        (s.price, s.floor) = (amount, amount);
        if (inCoin) s.currency = address(coin);
        uint256 key = PATIENT_KEY;
        if (!bySplit) {
            vm.prank(patient);
            assets.transferFrom(patient, other, id);
            (s.seller, key) = (other, OTHER_KEY);
        }
        approveAll(s.seller);
        vm.deal(buyer, amount);
        buyAs(buyer, s, key);
        uint256 shared = bySplit ? amount : amount / 10;
        eq(exchange.owed(s.currency, IRoyalties(assets.royalties()).receiverOf(id)), shared, "split");
        eq(exchange.owed(s.currency, s.seller), amount - shared, "seller");
        eq(assets.ownerOf(id), buyer, "owner");
    }

    /// A buyer may bid more than is asked, so that the price of a falling one is known when its signature is asked for.
    function test_ATokenIsBoughtForWhatWasBid() public {
        approveAll(patient);
        Sale memory s = usualSale();
        (s.floor, s.startsAt) = (1 ether, uint64(START));
        bytes memory signed = signature(PATIENT_KEY, hashOf(s));
        vm.warp(START + 1 days);
        vm.prank(buyer);
        vm.expectRevert(abi.encodeWithSelector(Money.WrongValue.selector, 1 ether, 1 ether + 3));
        exchange.buyAt{value: 1 ether}(1 ether + 3, s, signed, buyer, usualOrigin());
        vm.expectEmit(true, true, true, true, address(exchange));
        emit IExchange.Sold(hashOf(s), address(assets), s.tokenId, patient, buyer, MONEY, 1 ether + 3);
        vm.prank(buyer);
        exchange.buyAt{value: 1 ether + 3}(1 ether + 3, s, signed, buyer, usualOrigin());
        eq(assets.ownerOf(s.tokenId), buyer, "owner");
        eq(address(exchange).balance, 1 ether + 3, "paid");
    }
}
