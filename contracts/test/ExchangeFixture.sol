// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Curve} from "../src/Curve.sol";
import {Share} from "../src/IAssets.sol";
import {Delivery, Entry, Offer, Origin, Purchase, Sale} from "../src/IExchange.sol";
import {Exchange, Licences} from "./Faces.sol";
import {Fixture} from "./Fixture.sol";
import {Brake} from "./hostile/Brake.sol";
import {Coin} from "./hostile/Coin.sol";

/// @notice An exchange over the usual contracts, and what is signed for it. Digests are built here from the text of the
/// types, not with the code under test.
abstract contract ExchangeFixture is Fixture {
    Exchange internal exchange;
    Licences internal licences;
    Brake internal brake;
    Coin internal coin;

    function openExchange() internal {
        brake = new Brake();
        coin = new Coin(Coin.Habit.Plain);
        exchange = Exchange(deploy("Exchange", abi.encode(assets, brake)));
        licences = Licences(exchange.licences());
        vm.deal(other, 1e30);
        stock(coin, buyer);
    }

    /// @dev Gives somebody a lot of a token, to spend here.
    function stock(Coin money, address who) internal {
        money.mint(who, 1e30);
        vm.prank(who);
        money.approve(address(exchange), type(uint256).max);
    }

    // Licences.

    function usualOffer() internal view returns (Offer memory) {
        return Offer({
            seller: patient,
            taker: address(0),
            tokenId: tokenOf(CONTENT, usualSplit()),
            currency: address(0),
            panel: address(0),
            price: 1 ether + 7,
            floor: 1 ether + 7,
            startsAt: 0,
            endsAt: uint64(START + 1 days),
            copies: 1,
            deliverWithin: 1 hours,
            disputeWithin: 2 hours,
            term: 0,
            transferable: false,
            keyCommitment: commitment,
            payloadHash: keccak256(CID),
            termsHash: keccak256("terms"),
            purposeHash: keccak256("purpose"),
            salt: 1
        });
    }

    function hashOf(Offer memory o) internal view returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Offer(address seller,address taker,uint256 tokenId,address currency,address panel,uint256 price,uint256 floor,uint64 startsAt,uint64 endsAt,uint32 copies,uint32 deliverWithin,uint32 disputeWithin,uint32 term,bool transferable,bytes32 keyCommitment,bytes32 payloadHash,bytes32 termsHash,bytes32 purposeHash,uint256 salt)"
        );
        bytes memory a = abi.encode(typeHash, o.seller, o.taker, o.tokenId, o.currency, o.panel, o.price, o.floor);
        bytes memory b = abi.encode(o.startsAt, o.endsAt, o.copies, o.deliverWithin, o.disputeWithin, o.term);
        bytes memory c = abi.encode(o.transferable, o.keyCommitment, o.payloadHash, o.termsHash, o.purposeHash, o.salt);
        return digest(address(exchange), keccak256(bytes.concat(a, b, c)));
    }

    function purchaseOf(Offer memory o, address who) internal view returns (Purchase memory p) {
        (uint256 x, uint256 y) = buyerKey();
        return Purchase(who, o.price, x, y);
    }

    function tradeOf(Offer memory o, Purchase memory p) internal view returns (bytes32) {
        return keccak256(abi.encode(hashOf(o), p.buyer, p.price, p.keyX, p.keyY));
    }

    function fillAs(address who, Offer memory o, uint256 key) internal returns (bytes32) {
        bytes memory signed = signature(key, hashOf(o));
        (uint256 x, uint256 y) = buyerKey();
        uint256 valueWei = o.currency == address(0) ? o.price : 0;
        vm.prank(who);
        return exchange.fill{value: valueWei}(o, signed, who, x, y, HPKE_HASH, "");
    }

    function fillUsual(Offer memory o) internal returns (bytes32) {
        return fillAs(buyer, o, PATIENT_KEY);
    }

    /// @dev What a buyer signs to have its fill carried.
    function fillHash(Offer memory o, uint256 x, uint256 y, bytes32 hpkeHash) internal view returns (bytes32) {
        bytes32 typeHash = keccak256("Fill(bytes32 offerHash,uint256 keyX,uint256 keyY,bytes32 hpkeHash)");
        return digest(address(exchange), keccak256(abi.encode(typeHash, hashOf(o), x, y, hpkeHash)));
    }

    /// @dev The same, with the usual keys.
    function fillHash(Offer memory o) internal view returns (bytes32) {
        (uint256 x, uint256 y) = buyerKey();
        return fillHash(o, x, y, HPKE_HASH);
    }

    function deliveryOf(bytes32 tradeId, bytes32 cek) internal view returns (Delivery memory) {
        return boxFor(tradeId, cek, 0x5EED);
    }

    function deliveryDigestHere(Delivery memory d) internal view returns (bytes32) {
        bytes32 typeHash =
            keccak256("Delivery(bytes32 orderHash,bytes32 grantHash,uint256 ephemeralX,uint256 ephemeralY,bytes32 masked)");
        bytes memory fields = abi.encode(typeHash, d.orderHash, d.grantHash, d.ephemeralX, d.ephemeralY, d.masked);
        return digest(address(exchange), keccak256(fields));
    }

    function deliverAs(bytes32 tradeId, bytes32 cek, uint256 key) internal returns (Delivery memory d) {
        d = deliveryOf(tradeId, cek);
        bytes memory signed = signature(key, deliveryDigestHere(d));
        vm.prank(relayer);
        exchange.deliver(d, signed);
    }

    function deliverHere(bytes32 tradeId, bytes32 cek) internal returns (Delivery memory) {
        return deliverAs(tradeId, cek, PATIENT_KEY);
    }

    function releaseAs(address who, Offer memory o, address to) internal {
        Purchase memory p = purchaseOf(o, to);
        vm.prank(who);
        exchange.release(o, p, CONTENT, usualSplit());
    }

    /// @dev From the fill to the licence.
    function trade(Offer memory o) internal returns (bytes32 tradeId) {
        tradeId = fillUsual(o);
        deliverHere(tradeId, CEK);
        releaseAs(buyer, o, buyer);
    }

    // Sales.

    function usualSale() internal view returns (Sale memory) {
        return Sale({
            seller: patient,
            taker: address(0),
            collection: address(assets),
            tokenId: tokenOf(CONTENT, usualSplit()),
            currency: address(0),
            price: 1 ether + 7,
            floor: 1 ether + 7,
            startsAt: 0,
            endsAt: uint64(START + 1 days),
            salt: 1
        });
    }

    function usualOrigin() internal view returns (Origin memory) {
        return Origin(CONTENT, patient, keccak256(abi.encode(usualSplit())));
    }

    function hashOf(Sale memory s) internal view returns (bytes32) {
        return digest(address(exchange), structHashOf(s));
    }

    function structHashOf(Sale memory s) internal pure returns (bytes32) {
        bytes32 typeHash = keccak256(bytes(SALE_TYPE));
        bytes memory a = abi.encode(typeHash, s.seller, s.taker, s.collection, s.tokenId, s.currency);
        bytes memory b = abi.encode(s.price, s.floor, s.startsAt, s.endsAt, s.salt);
        return keccak256(bytes.concat(a, b));
    }

    function buyAs(address who, Sale memory s, uint256 key) internal {
        bytes memory signed = signature(key, hashOf(s));
        uint256 valueWei = s.currency == address(0) ? s.price : 0;
        Origin memory origin = usualOrigin();
        vm.prank(who);
        exchange.buy{value: valueWei}(s, signed, who, origin);
    }

    function approveAll(address seller) internal {
        vm.prank(seller);
        assets.setApprovalForAll(address(exchange), true);
    }

    // First sales, of tokens that are not entered.

    /// @dev Of the usual payees, but that the creator has yet to sign the voucher.
    function entryOf(bytes32 content) internal view returns (Entry memory e) {
        (e.contentCommitment, e.split) = (content, usualSplit());
        e.signatures = signaturesOf(content, 0, e.split, usualKeys());
    }

    /// @dev What a creator signs to have an asset entered by a sale, here.
    function voucherHash(Entry memory e, Sale memory s) internal view returns (bytes32) {
        return voucherHash(e, s, address(exchange));
    }

    function voucherHash(Entry memory e, Sale memory s, address market) internal view returns (bytes32) {
        return voucherDigest(e.contentCommitment, e.parent, e.split, market, structHashOf(s));
    }

    function enterAndBuyAs(address who, Entry memory e, Sale memory s) internal {
        e.signatures[0] = signature(PATIENT_KEY, voucherHash(e, s));
        uint256 valueWei = s.currency == address(0) ? s.price : 0;
        vm.prank(who);
        exchange.enterAndBuy{value: valueWei}(e, s, who);
    }

    // What a seller takes back.

    function cancelHash(bytes32 orderHash) internal view returns (bytes32) {
        return digest(address(exchange), keccak256(abi.encode(keccak256("Cancel(bytes32 orderHash)"), orderHash)));
    }

    function cancelBelowHash(uint256 salt) internal view returns (bytes32) {
        return digest(address(exchange), keccak256(abi.encode(keccak256("CancelBelow(uint256 salt)"), salt)));
    }

    function revokeHash(bytes32 tradeId) internal view returns (bytes32) {
        return digest(address(exchange), keccak256(abi.encode(keccak256("Revoke(bytes32 tradeId)"), tradeId)));
    }
}
