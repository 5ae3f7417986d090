// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IAssets, Share} from "../src/IAssets.sol";
import {Entry, IExchange, Origin, Sale} from "../src/IExchange.sol";
import {ILedger} from "../src/ILedger.sol";
import {Money} from "../src/Money.sol";
import {ExchangeStand} from "./ExchangeStand.sol";
import {Exchange} from "./Faces.sol";
import {Coin} from "./hostile/Coin.sol";
import {Wallet} from "./hostile/Wallet.sol";

/// @notice Tokens that are minted by their first sale, which their creator's voucher allows.
contract ExchangeVoucherTest is ExchangeStand {
    bytes32 private constant LAZY = keccak256("not yet entered");

    function lazy() private view returns (Entry memory e, Sale memory s) {
        e = entryOf(LAZY);
        s = usualSale();
        s.tokenId = tokenOf(LAZY, e.split);
        e.signatures[0] = signature(PATIENT_KEY, voucherHash(e, s));
    }

    function refuses(Entry memory e, Sale memory s, bytes memory why) private {
        e.signatures[0] = signature(PATIENT_KEY, voucherHash(e, s));
        refusesAsSigned(e, s, why);
    }

    function refusesAsSigned(Entry memory e, Sale memory s, bytes memory why) private {
        vm.prank(buyer);
        vm.expectRevert(why);
        exchange.enterAndBuy{value: price}(e, s, buyer);
        isTrue(!assets.entered(tokenOf(e.contentCommitment, usualSplit())), "entered");
    }

    function test_ATokensFirstSaleMintsIt() public {
        (Entry memory e, Sale memory s) = lazy();
        vm.expectEmit(true, true, true, true, address(assets));
        emit IERC721.Transfer(address(0), patient, s.tokenId);
        vm.expectEmit(true, true, true, true, address(assets));
        emit IERC721.Transfer(patient, other, s.tokenId);
        vm.expectEmit(true, true, true, true, address(assets));
        emit IAssets.Entered(s.tokenId, 0, LAZY, e.split);
        vm.expectEmit(true, true, true, true, address(exchange));
        emit IExchange.Credited(hashOf(s), patient, MONEY, price - price * 2999 / 10_000);
        vm.expectEmit(true, true, true, true, address(exchange));
        emit IExchange.Credited(hashOf(s), doctor, MONEY, price * 2999 / 10_000);
        vm.expectEmit(true, true, true, true, address(exchange));
        emit IExchange.Sold(hashOf(s), address(assets), s.tokenId, patient, other, MONEY, price);
        vm.prank(buyer);
        exchange.enterAndBuy{value: price + 3}(e, s, other);
        eq(assets.ownerOf(s.tokenId), other, "owner");
        eq(assets.balanceOf(other), 1, "the buyer's tokens");
        eq(assets.balanceOf(patient), 1, "the creator's tokens: the usual one");
        eq(assets.nonces(s.tokenId), 1, "it has moved once");
        eq(exchange.owed(MONEY, buyer), 3, "change");
        eq(exchange.filled(patient, hashOf(s)), 0, "nothing is counted");
        // It is the buyer's as any token is.
        vm.prank(other);
        assets.transferFrom(other, buyer, s.tokenId);
        eq(assets.ownerOf(s.tokenId), buyer, "passed on");
    }

    function test_AVoucherIsGoodOnceAndIsNoSale() public {
        (Entry memory e, Sale memory s) = lazy();
        vm.prank(buyer);
        exchange.enterAndBuy{value: price}(e, s, buyer);
        // Not even when its creator has it back.
        vm.prank(buyer);
        assets.transferFrom(buyer, patient, s.tokenId);
        vm.prank(buyer);
        vm.expectRevert(abi.encodeWithSelector(IAssets.AlreadyEntered.selector, s.tokenId));
        exchange.enterAndBuy{value: price}(e, s, buyer);
        approveAll(patient);
        Origin memory origin = usualOrigin();
        origin.contentCommitment = LAZY;
        bytes memory signed = e.signatures[0];
        vm.prank(buyer);
        vm.expectRevert(bySigner());
        exchange.buy{value: price}(s, signed, buyer, origin);
        // A sale with the same fields is a second order: who signs both sells twice, if the token comes back.
        signed = signature(PATIENT_KEY, hashOf(s));
        vm.prank(buyer);
        exchange.buy{value: price}(s, signed, buyer, origin);
        eq(exchange.filled(patient, hashOf(s)), 1, "the sale is counted");
        // A sale is no voucher.
        e = entryOf(keccak256("another"));
        s.tokenId = tokenOf(e.contentCommitment, e.split);
        e.signatures[0] = signature(PATIENT_KEY, hashOf(s));
        refusesAsSigned(e, s, abi.encodeWithSelector(IAssets.BadSignature.selector, patient));
    }

    /// A voucher names the market: another that calls, as anyone may, is not that one.
    function test_AVoucherIsForOneMarket() public {
        (Entry memory e, Sale memory s) = lazy();
        bytes memory why = abi.encodeWithSelector(IAssets.BadSignature.selector, patient);
        bytes32 sold = structHashOf(s);
        vm.prank(buyer);
        vm.expectRevert(why);
        assets.enterByVoucher(e.contentCommitment, 0, e.split, e.signatures, sold, buyer);
        Exchange another = Exchange(deploy("Exchange", abi.encode(assets, address(0))));
        vm.prank(buyer);
        vm.expectRevert(why);
        another.enterAndBuy{value: price}(e, s, buyer);
        // What its creator signed for that one is good there; no pause is asked where there is none.
        e.signatures[0] = signature(PATIENT_KEY, voucherHash(e, s, address(another)));
        vm.prank(buyer);
        another.enterAndBuy{value: price}(e, s, buyer);
        eq(assets.ownerOf(s.tokenId), buyer, "owner");
    }

    function test_AFirstSaleWantsWhatASaleWants() public {
        (Entry memory e, Sale memory s) = lazy();
        s.endsAt = uint64(START - 1);
        refuses(e, s, abi.encodeWithSelector(IExchange.Ended.selector, s.endsAt));
        (e, s) = lazy();
        s.taker = other;
        refuses(e, s, abi.encodeWithSelector(IExchange.NotTaker.selector, other));
        (e, s) = lazy();
        s.collection = address(licences);
        refuses(e, s, abi.encodeWithSelector(IExchange.NotSoldHere.selector, licences));
        (e, s) = lazy();
        s.floor = s.price + 1;
        refuses(e, s, abi.encodeWithSelector(IExchange.BadPrice.selector));
        (e, s) = lazy();
        s.price = price + 1;
        s.floor = s.price;
        refuses(e, s, abi.encodeWithSelector(Money.WrongValue.selector, price, price + 1));
        (e, s) = lazy();
        vm.expectRevert(abi.encodeWithSelector(IExchange.ZeroAddress.selector));
        exchange.enterAndBuy(e, s, address(0));
        brake.pull(uint64(START + 1));
        vm.prank(buyer);
        (bool ok,) = address(exchange).call{value: price}(abi.encodeCall(IExchange.enterAndBuy, (e, s, buyer)));
        isTrue(!ok, "paused");
        brake.pull(0);
        exchange.cancelBelow(patient, 2, signature(PATIENT_KEY, cancelBelowHash(2)));
        refuses(e, s, abi.encodeWithSelector(IExchange.Stale.selector, 2));
        s.salt = 2;
        exchange.cancel(patient, hashOf(s), signature(PATIENT_KEY, cancelHash(hashOf(s))));
        refuses(e, s, abi.encodeWithSelector(IExchange.Closed.selector, hashOf(s)));
        // The next is neither, and its taker may buy it.
        (s.salt, s.taker) = (3, buyer);
        enterAndBuyAs(buyer, e, s);
    }

    function test_WhatIsEnteredIsWhatIsSoldByWhoCreatedIt() public {
        bytes memory wrong = abi.encodeWithSelector(IExchange.WrongAsset.selector);
        (Entry memory e, Sale memory s) = lazy();
        s.tokenId = id;
        refuses(e, s, wrong);
        (e, s) = lazy();
        s.seller = doctor;
        refuses(e, s, wrong);
        // What the creator signed for one price is none for another, nor the other's for another split.
        (e, s) = lazy();
        s.price -= 1;
        s.floor = s.price;
        refusesAsSigned(e, s, abi.encodeWithSelector(IAssets.BadSignature.selector, patient));
        (e, s) = lazy();
        e.split[0].bps += 1;
        e.split[1].bps -= 1;
        s.tokenId = tokenOf(LAZY, e.split);
        refuses(e, s, abi.encodeWithSelector(IAssets.BadSignature.selector, doctor));
        (e, s) = lazy();
        e.split = new Share[](0);
        refusesAsSigned(e, s, abi.encodeWithSelector(IAssets.BadSplit.selector));
        (e, s) = lazy();
        e.signatures = new bytes[](1);
        refuses(e, s, abi.encodeWithSelector(IAssets.SignatureCount.selector));
        (e, s) = lazy();
        e.parent = bytes32(uint256(1));
        e.signatures[1] = signature(DOCTOR_KEY, assetDigest(LAZY, e.parent, e.split));
        refuses(e, s, abi.encodeWithSelector(IAssets.NoSuchToken.selector, 1));
    }

    /// A new version of what is there is sold as it comes.
    function test_AVersionIsMintedByItsSale() public {
        (Entry memory e, Sale memory s) = lazy();
        e.parent = bytes32(id);
        e.signatures[1] = signature(DOCTOR_KEY, assetDigest(LAZY, e.parent, e.split));
        vm.expectEmit(true, true, true, true, address(assets));
        emit IAssets.Entered(s.tokenId, bytes32(id), LAZY, e.split);
        enterAndBuyAs(buyer, e, s);
    }

    function test_AFirstSaleInACoinThatTakesAFeeIsRefused() public {
        Coin thief = new Coin(Coin.Habit.TakesAFee);
        stock(thief, buyer);
        (Entry memory e, Sale memory s) = lazy();
        s.currency = address(thief);
        e.signatures[0] = signature(PATIENT_KEY, voucherHash(e, s));
        vm.prank(buyer);
        (bool ok,) = address(exchange).call(abi.encodeCall(IExchange.enterAndBuy, (e, s, buyer)));
        isTrue(!ok && !assets.entered(s.tokenId), "nothing is minted unpaid");
        s.currency = address(coin);
        enterAndBuyAs(buyer, e, s);
        eq(coin.balanceOf(address(exchange)), price, "paid");
        eq(exchange.owed(address(coin), patient) + exchange.owed(address(coin), doctor), price, "owed");
    }

    /// A coin that calls back as it is taken finds a token that is sold and a split that is owed; what it takes out is missing.
    function test_ACoinThatCallsBackGainsNothing() public {
        Coin thief = new Coin(Coin.Habit.CallsBack);
        stock(thief, buyer);
        (Entry memory e, Sale memory s) = lazy();
        s.currency = address(thief);
        e.signatures[0] = signature(PATIENT_KEY, voucherHash(e, s));
        bytes memory again = abi.encodeCall(IExchange.enterAndBuy, (e, s, buyer));
        thief.reenter(address(exchange), again);
        vm.prank(buyer);
        exchange.enterAndBuy(e, s, buyer);
        eq(thief.reentered(), 0, "entered once");
        eq(exchange.owed(address(thief), patient) + exchange.owed(address(thief), doctor), price, "owed once");
        // With some of that coin here already, it can have it sent as it is taken: then the price has not come.
        e = entryOf(keccak256("another"));
        s.tokenId = tokenOf(e.contentCommitment, e.split);
        e.signatures[0] = signature(PATIENT_KEY, voucherHash(e, s));
        thief.reenter(address(exchange), abi.encodeCall(ILedger.withdraw, (address(thief), doctor)));
        vm.prank(buyer);
        (bool ok,) = address(exchange).call(abi.encodeCall(IExchange.enterAndBuy, (e, s, buyer)));
        isTrue(!ok && !assets.entered(s.tokenId), "all is undone");
        eq(exchange.owed(address(thief), doctor), price * 2999 / 10_000, "what was owed before");
    }

    /// Nor is a token minted by a sale with dirty bits, though its creator signed it with them.
    function testFuzz_NoDirtySaleMints(uint8 word, bytes32 dirt) public {
        uint256[6] memory narrow = [uint256(0), 1, 2, 4, 7, 8];
        // Above what the widest of them, an address, uses.
        bytes32 bits = dirt & ~bytes32(uint256(type(uint160).max));
        vm.assume(bits != 0);
        isTrue(!mintsWith(narrow[word % 6], bits), "refused");
        isTrue(mintsWith(0, 0), "minted without");
    }

    /// @dev The sale is ten words of the call, behind the place of the entry.
    function mintsWith(uint256 word, bytes32 bits) private returns (bool ok) {
        (Entry memory e, Sale memory s) = lazy();
        bytes memory fields = abi.encode(s);
        assembly {
            let at_ := add(add(fields, 32), mul(word, 32))
            mstore(at_, or(mload(at_), bits))
        }
        bytes32 sold = keccak256(bytes.concat(keccak256(bytes(SALE_TYPE)), fields));
        e.signatures[0] =
            signature(PATIENT_KEY, voucherDigest(e.contentCommitment, 0, e.split, address(exchange), sold));
        bytes memory data = abi.encodeCall(IExchange.enterAndBuy, (e, s, buyer));
        assembly {
            let at_ := add(data, 68)
            for { let i := 0 } lt(i, 320) { i := add(i, 32) } { mstore(add(at_, i), mload(add(add(fields, 32), i))) }
        }
        vm.prank(buyer);
        (ok,) = address(exchange).call{value: price}(data);
    }

    /// A contract may create what is sold: it signs the voucher by ERC-1271.
    function test_AContractsVoucher() public {
        Wallet wallet = new Wallet();
        wallet.be(Wallet.Mood.Honest);
        (Entry memory e, Sale memory s) = lazy();
        e.split[0].payee = address(wallet);
        (e.signatures[0], s.seller) = ("", address(wallet));
        e.signatures[1] = signature(DOCTOR_KEY, assetDigest(LAZY, 0, e.split));
        s.tokenId = tokenOf(LAZY, e.split);
        wallet.be(Wallet.Mood.Refuses);
        refusesAsSigned(e, s, abi.encodeWithSelector(IAssets.BadSignature.selector, wallet));
        wallet.be(Wallet.Mood.Honest);
        vm.prank(buyer);
        exchange.enterAndBuy{value: price}(e, s, buyer);
        eq(exchange.owed(MONEY, address(wallet)), price - price * 2999 / 10_000, "the wallet's part");
    }

    /// Who entered it before voids the voucher: no money is taken.
    function test_WhatIsEnteredIsNotMintedAgain() public {
        (Entry memory e, Sale memory s) = lazy();
        assets.enter(LAZY, 0, e.split, signaturesOf(LAZY, 0, e.split, usualKeys()));
        vm.prank(buyer);
        vm.expectRevert(abi.encodeWithSelector(IAssets.AlreadyEntered.selector, s.tokenId));
        exchange.enterAndBuy{value: price}(e, s, buyer);
        eq(assets.ownerOf(s.tokenId), patient, "owner");
    }

    function test_AFirstSaleMayFallInPrice() public {
        (Entry memory e, Sale memory s) = lazy();
        (s.price, s.floor, s.startsAt, s.endsAt) = (100, 40, uint64(START), uint64(START + 60));
        e.signatures[0] = signature(PATIENT_KEY, voucherHash(e, s));
        vm.warp(START + 30);
        vm.prank(buyer);
        exchange.enterAndBuy{value: 100}(e, s, buyer);
        eq(exchange.owed(MONEY, buyer), 30, "change");
        eq(exchange.owed(MONEY, doctor), 20, "doctor");
        eq(exchange.owed(MONEY, patient), 50, "patient");
    }

    /// Of one payee or two, for whatever price: either all signed and it is paid, and each is owed its part to the wei, or there
    /// is no token and nobody is owed anything.
    function testFuzz_AFirstSaleIsWholeOrNothing(bytes32 content, uint96 amount, uint96 paid, uint8 fault, bool alone) public {
        vm.assume(content != CONTENT);
        (Entry memory e, Sale memory s) = (entryOf(content), usualSale());
        if (alone) {
            e.split = new Share[](1);
            e.split[0] = Share(patient, 10_000);
            e.signatures = new bytes[](1);
        }
        (s.tokenId, s.price, s.floor) = (tokenOf(content, e.split), amount, amount);
        fault %= 6;
        uint256 last = e.signatures.length - 1;
        e.signatures[0] = signature(fault == 1 ? OTHER_KEY : PATIENT_KEY, voucherHash(e, s));
        if (fault == 2) e.signatures[last] = signature(OTHER_KEY, assetDigest(content, 0, e.split));
        if (fault == 3) s.salt += 1;
        if (fault == 4) e.parent = bytes32(id);
        vm.deal(buyer, paid);
        vm.prank(buyer);
        (bool ok,) = address(exchange).call{value: paid}(abi.encodeCall(IExchange.enterAndBuy, (e, s, other)));
        isTrue(ok == ((fault == 0 || fault == 5) && paid >= amount), "all signed and it is paid");
        isTrue(assets.entered(s.tokenId) == ok, "entered");
        uint256 doctors = alone ? 0 : uint256(amount) * 2999 / 10_000;
        eq(exchange.owed(MONEY, doctor), ok ? doctors : 0, "doctor");
        eq(exchange.owed(MONEY, patient), ok ? amount - doctors : 0, "patient");
        eq(exchange.owed(MONEY, buyer), ok ? paid - amount : 0, "change");
        if (ok) eq(assets.ownerOf(s.tokenId), other, "owner");
    }
}
