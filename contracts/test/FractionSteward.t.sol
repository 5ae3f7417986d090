// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAssets, Share} from "../src/IAssets.sol";
import {Deal, Delivery, IExchange, Offer, Purchase, Sale, TradeState} from "../src/IExchange.sol";
import {FractionTerms} from "../src/IFractions.sol";
import {FractionFixture} from "./FractionFixture.sol";
import {Fraction} from "./Faces.sol";
import {Coin} from "./hostile/Coin.sol";
import {Wallet} from "./hostile/Wallet.sol";

/// @notice What the steward can sign for a vault, and what nobody can (ERC-1271).
contract FractionStewardTest is FractionFixture {
    bytes4 private constant YES = 0x1626ba7e;
    bytes4 private constant NO = 0xffffffff;

    Fraction private f;

    function setUp() public override {
        super.setUp();
        f = fractionalise(terms(address(0)));
    }

    // What EIP-712 hashes, from the text of the types.

    function wordsOf(Offer memory o) private pure returns (bytes memory) {
        bytes32 typeHash = keccak256(
            "Offer(address seller,address taker,uint256 tokenId,address currency,address panel,uint256 price,uint256 floor,uint64 startsAt,uint64 endsAt,uint32 copies,uint32 deliverWithin,uint32 disputeWithin,uint32 term,bool transferable,bytes32 keyCommitment,bytes32 payloadHash,bytes32 termsHash,bytes32 purposeHash,uint256 salt)"
        );
        bytes memory a = abi.encode(typeHash, o.seller, o.taker, o.tokenId, o.currency, o.panel, o.price, o.floor);
        bytes memory b = abi.encode(o.startsAt, o.endsAt, o.copies, o.deliverWithin, o.disputeWithin, o.term);
        bytes memory c = abi.encode(o.transferable, o.keyCommitment, o.payloadHash, o.termsHash, o.purposeHash, o.salt);
        return bytes.concat(a, b, c);
    }

    function wordsOf(Delivery memory d) private pure returns (bytes memory) {
        bytes32 typeHash =
            keccak256("Delivery(bytes32 orderHash,bytes32 grantHash,uint256 ephemeralX,uint256 ephemeralY,bytes32 masked)");
        return abi.encode(typeHash, d.orderHash, d.grantHash, d.ephemeralX, d.ephemeralY, d.masked);
    }

    function wordsOf(Sale memory s) private pure returns (bytes memory) {
        bytes32 typeHash = keccak256(
            "Sale(address seller,address taker,address collection,uint256 tokenId,address currency,uint256 price,uint256 floor,uint64 startsAt,uint64 endsAt,uint256 salt)"
        );
        return abi.encode(typeHash, s);
    }

    function offer() private view returns (Offer memory o) {
        o = usualOffer();
        (o.seller, o.price, o.floor, o.currency) = (address(f), 1 ether, 1 ether, f.currency());
    }

    /// @dev What the vault takes for a signature: the words, then the steward's.
    function wrapped(uint256 key, bytes memory words) private view returns (bytes memory) {
        return bytes.concat(words, signature(key, digest(address(exchange), keccak256(words))));
    }

    function answer(bytes memory words) private view returns (bytes4) {
        return f.isValidSignature(digest(address(exchange), keccak256(words)), wrapped(STEWARD_KEY, words));
    }

    function fillBy(Offer memory o, uint256 key, bool refused) private returns (bytes32) {
        (uint256 x, uint256 y) = buyerKey();
        bytes memory signed = wrapped(key, wordsOf(o));
        uint256 valueWei = o.currency == address(0) ? o.price : 0;
        if (refused) wants(IExchange.BadSignature.selector, address(f));
        vm.prank(buyer);
        return exchange.fill{value: valueWei}(o, signed, buyer, x, y, HPKE_HASH, "");
    }

    function delivers(bytes32 tradeId, bytes32 cek) private returns (Delivery memory d) {
        d = deliveryOf(tradeId, cek);
        exchange.deliver(d, wrapped(STEWARD_KEY, wordsOf(d)));
    }

    // A vault sells.

    function sellsALicence() private {
        give(f, patient, ann, 250);
        Offer memory o = offer();
        delivers(fillBy(o, STEWARD_KEY, false), CEK);
        releaseAs(buyer, o, buyer);
        eq(exchange.owed(f.currency(), address(f)), 0.9 ether, "in the books of Exchange");
        vm.prank(relayer);
        f.collect();
        eq(exchange.owed(f.currency(), address(f)), 0, "taken");
        eq(f.owed(ann), 0.225 ether, "a quarter of 90 %");
        eq(f.owed(patient), 0.675 ether, "the rest of it");
        eq(licences.ownerOf(uint256(tradeOf(o, purchaseOf(o, buyer)))), buyer, "the licence");
    }

    function test_TheVaultSellsALicenceAndHoldersShareIt() public {
        sellsALicence();
        f.withdraw(ann);
        eq(ann.balance, 0.225 ether, "paid");
    }

    function test_AVaultOfATokenSellsForThatToken() public {
        vm.prank(patient);
        f.reunite();
        f = fractionalise(terms(address(coin)));
        sellsALicence();
        f.withdraw(ann);
        eq(coin.balanceOf(ann), 0.225 ether, "paid");
    }

    /// What a vault cannot collect would lie in Exchange for ever.
    function testFuzz_AnOfferIsInTheVaultsCurrency(address currency, bool token) public {
        if (token) {
            vm.prank(patient);
            f.reunite();
            f = fractionalise(terms(address(coin)));
        }
        Offer memory o = offer();
        eq(answer(wordsOf(o)), YES, "its own");
        o.currency = currency;
        eq(answer(wordsOf(o)), currency == f.currency() ? YES : NO, "another");
        o.currency = token ? address(0) : address(coin);
        fillBy(o, STEWARD_KEY, true);
    }

    function testFuzz_AnOfferIsTheVaults(address seller, uint96 dirt) public view {
        Offer memory o = offer();
        o.seller = seller;
        eq(answer(wordsOf(o)), seller == address(f) ? YES : NO, "seller");
        bytes memory words = wordsOf(offer());
        uint256 first = uint256(uint160(address(f))) | uint256(dirt) << 160;
        assembly ("memory-safe") {
            mstore(add(words, 64), first)
        }
        eq(answer(words), dirt == 0 ? YES : NO, "dirty bits");
    }

    function test_TheStewardEndsAndRevokes() public {
        Offer memory o = offer();
        bytes32 id = fillBy(o, STEWARD_KEY, false);
        bytes memory words = abi.encode(keccak256("Revoke(bytes32 tradeId)"), id);
        exchange.revoke(o, purchaseOf(o, buyer), wrapped(STEWARD_KEY, words));
        Deal memory deal = exchange.trade(id);
        isTrue(deal.revoked && deal.state == TradeState.Refunded, "revoked");
        o.salt = 2;
        words = abi.encode(keccak256("Cancel(bytes32 orderHash)"), hashOf(o));
        exchange.cancel(address(f), hashOf(o), wrapped(STEWARD_KEY, words));
        eq(exchange.filled(address(f), hashOf(o)), type(uint256).max, "cancelled");
        words = abi.encode(keccak256("CancelBelow(uint256 salt)"), 9);
        exchange.cancelBelow(address(f), 9, wrapped(STEWARD_KEY, words));
        eq(exchange.lowestSalt(address(f)), 9, "all below");
    }

    /// Of Exchange's domain too, the vault signs what sells licences and nothing else.
    function testFuzz_OtherTypesAreNeverSigned(bytes32 typeHash, bytes32 a, bytes32 b, bytes32 c, bytes32 d) public view {
        Sale memory sale = usualSale();
        (sale.seller, sale.currency) = (address(f), f.currency());
        eq(answer(wordsOf(sale)), NO, "a sale of the token");
        bytes32 fill = keccak256("Fill(bytes32 offerHash,uint256 keyX,uint256 keyY,bytes32 hpkeHash)");
        eq(answer(abi.encode(fill, a, b, c, d)), NO, "a fill");
        eq(answer(abi.encode(keccak256("Dispute(bytes32 tradeId,bytes32 evidenceHash)"), a, b)), NO, "a dispute");
        eq(answer(abi.encode(typeHash, a, b, c, d)), NO, "any other");
        eq(answer(abi.encode(bytes32(0), a)), NO, "none");
    }

    function test_ASaleOfTheTokenFails() public {
        Sale memory s = usualSale();
        s.seller = address(f);
        bytes memory signed = wrapped(STEWARD_KEY, wordsOf(s));
        vm.deal(other, s.price);
        vm.prank(other);
        wants(IExchange.BadSignature.selector, address(f));
        exchange.buy{value: s.price}(s, signed, other, usualOrigin());
    }

    /// Words that are cut off, or that another type has, are no signature.
    function testFuzz_TheWordsAreWhole(uint256 cut, bytes32 more) public view {
        bytes memory words = wordsOf(deliveryOf(keccak256("a trade"), CEK));
        eq(answer(words), YES, "whole");
        eq(answer(bytes.concat(words, more)), NO, "a word more");
        cut = cut % 5 + 1; // words
        assembly ("memory-safe") {
            mstore(words, mul(32, cut))
        }
        eq(answer(words), NO, "cut off");
    }

    function test_OnlyTheStewardSigns() public {
        Offer memory o = offer();
        fillBy(o, PATIENT_KEY, true);
        vm.prank(patient);
        f.choose(doctor);
        fillBy(o, STEWARD_KEY, true);
        bytes32 id = fillBy(o, DOCTOR_KEY, false);
        isTrue(exchange.trade(id).state == TradeState.Filled, "the new steward's");
    }

    function test_AContractCanBeSteward() public {
        Wallet wallet = new Wallet();
        vm.prank(patient);
        f.choose(address(wallet));
        bytes memory words = wordsOf(offer());
        bytes32 hash = digest(address(exchange), keccak256(words));
        eq(f.isValidSignature(hash, words), NO, "it refuses");
        wallet.be(Wallet.Mood.Honest);
        eq(f.isValidSignature(hash, words), YES, "it signs");
        eq(f.isValidSignature(digest(address(assets), keccak256(words)), words), NO, "but not for another contract");
        wallet.be(Wallet.Mood.Reverts);
        eq(f.isValidSignature(hash, words), NO, "it reverts");
    }

    function test_NobodySignsForAVaultWithoutSteward() public {
        vm.prank(patient);
        f.reunite();
        f = fractionalise(withoutSteward());
        bytes memory words = wordsOf(offer());
        eq(f.isValidSignature(digest(address(exchange), keccak256(words)), bytes.concat(words, new bytes(65))), NO, "zero");
    }

    function withoutSteward() private view returns (FractionTerms memory t) {
        t = terms(address(0));
        t.steward = address(0);
    }

    /// Whatever the digest is: the steward's signature of it is the vault's only if it is Exchange's.
    function testFuzz_AnotherContractsDigestIsNeverSigned(address verifier, bytes32 orderHash, bool plain) public view {
        bytes memory words = abi.encode(keccak256("Cancel(bytes32 orderHash)"), orderHash);
        bytes32 hash = plain ? orderHash : digest(verifier, keccak256(words));
        bytes4 want = !plain && verifier == address(exchange) ? YES : NO;
        eq(f.isValidSignature(hash, bytes.concat(words, signature(STEWARD_KEY, hash))), want, "answer");
        eq(answer(words), YES, "Exchange's");
    }

    function testFuzz_NoOtherSignatureIsTaken(bytes32 hash, bytes calldata signed) public view {
        eq(f.isValidSignature(hash, signed), NO, "answer");
    }

    function test_AShortSignatureIsNone() public view {
        bytes memory words = wordsOf(offer());
        bytes32 hash = digest(address(exchange), keccak256(words));
        eq(f.isValidSignature(hash, ""), NO, "empty");
        eq(f.isValidSignature(hash, new bytes(31)), NO, "31 bytes");
        eq(f.isValidSignature(hash, words), NO, "no signature");
        eq(f.isValidSignature(hash, bytes.concat(words, new bytes(65))), NO, "zeros");
        eq(f.isValidSignature(hash, signature(STEWARD_KEY, hash)), NO, "without the words");
        bytes memory hashed = abi.encodePacked(keccak256(words), signature(STEWARD_KEY, hash));
        eq(f.isValidSignature(hash, hashed), NO, "with their hash alone");
    }

    function test_TheVaultEntersNoAsset() public {
        Share[] memory split = new Share[](1);
        split[0] = Share(address(f), 10_000);
        bytes32 toSign = assetDigest(CONTENT, 0, split);
        bytes32 typeHash =
            keccak256("Asset(address creator,bytes32 contentCommitment,bytes32 splitHash,bytes32 parent)");
        bytes memory words = abi.encode(typeHash, address(f), CONTENT, keccak256(abi.encode(split)), bytes32(0));
        eq(digest(address(assets), keccak256(words)), toSign, "the digest");
        bytes[] memory signatures = new bytes[](1);
        signatures[0] = bytes.concat(words, signature(STEWARD_KEY, toSign));
        vm.expectRevert(abi.encodeWithSelector(IAssets.BadSignature.selector, address(f)));
        assets.enter(CONTENT, 0, split, signatures);
    }

    function test_TheStewardMovesNothing() public {
        vm.expectRevert();
        vm.prank(steward);
        assets.transferFrom(address(f), steward, id);
        eq(assets.getApproved(id), address(0), "nobody is approved");
        vm.expectRevert();
        vm.prank(steward);
        f.reunite();
    }

    function test_AfterTheSaleOffersAreVoidAndDeliveriesAreNot() public {
        Offer memory o = offer();
        bytes32 tradeId = fillBy(o, STEWARD_KEY, false);
        vm.prank(patient);
        f.reunite();
        Offer memory next = offer();
        next.salt = 9;
        (uint256 x, uint256 y) = buyerKey();
        bytes memory signed = wrapped(STEWARD_KEY, wordsOf(next));
        vm.expectRevert(abi.encodeWithSelector(IExchange.NotOwner.selector, id, address(f)));
        vm.prank(buyer);
        exchange.fill{value: 1 ether}(next, signed, buyer, x, y, HPKE_HASH, "");
        delivers(tradeId, CEK);
        releaseAs(buyer, o, buyer);
        f.collect();
        eq(f.owed(patient), 0.9 ether, "the last owner's");
    }

    // What Exchange owes, and currencies that cheat.

    function owesATokenVault(Coin.Habit habit) private returns (Offer memory o) {
        vm.prank(patient);
        f.reunite();
        coin = new Coin(habit);
        stock(coin, buyer);
        f = fractionalise(terms(address(coin)));
        o = offer();
        delivers(fillBy(o, STEWARD_KEY, false), CEK);
        releaseAs(buyer, o, buyer);
    }

    function test_ATokenThatCallsBackIsCollectedOnce() public {
        owesATokenVault(Coin.Habit.CallsBack);
        coin.mint(address(f), 5000); // came by itself
        coin.reenter(address(f), abi.encodeCall(f.collect, ()));
        f.collect();
        eq(f.owed(patient), 0.9 ether + 5000, "to the wei");
        eq(coin.balanceOf(address(f)), 0.9 ether + 5000, "is here");
        coin.reenter(address(0), "");
        f.withdraw(patient);
        eq(coin.balanceOf(address(f)), 0, "all paid");
    }

    /// What Exchange cannot pay keeps back nothing that is here.
    function test_WhatExchangeCannotPayHoldsUpNothingElse() public {
        owesATokenVault(Coin.Habit.Plain);
        coin.mint(address(f), 5000);
        coin.shrink(address(exchange), 0);
        f.collect();
        eq(f.owed(patient), 5000, "what is here");
        coin.mint(address(exchange), 0.9 ether);
        f.collect();
        eq(f.owed(patient), 0.9 ether + 5000, "and the rest once it can");
    }
}
