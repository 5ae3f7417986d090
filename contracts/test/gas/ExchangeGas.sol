// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Share} from "../../src/IAssets.sol";
import {Delivery, Entry, Offer, Purchase, Sale} from "../../src/IExchange.sol";
import {Request} from "../../src/IRequests.sol";
import {RequestsFixture} from "../RequestsFixture.sol";
import {Rows} from "./Rows.sol";

/// @notice The rows of gas.snapshot that are about the market.
abstract contract ExchangeGas is RequestsFixture, Rows {
    /// @dev The usual asset is entered.
    function exchanges() internal {
        vm.warp(START);
        openExchange();
        licenceTrades();
        licenceDisputes();
        lazyLicence();
        bounties();
        tokenSales();
    }

    function bounties() private {
        openRequests();
        Request memory r = usualRequest();
        openAs(other, r);
        note("requests: open");
        Offer memory o = answerOffer();
        (o.salt, o.copies) = (8, 0);
        acceptUsual(r, o);
        note("requests: accept, by a relayer, without limit of copies");
        requests.cancel(r, signature(OTHER_KEY, cancelRequestHash(idOf(r))));
        note("requests: cancel");
        vm.warp(START + 1 days + 1);
        requests.close(r);
        note("requests: close");
        vm.warp(START);
    }

    function licenceTrades() private {
        Offer memory o = usualOffer();
        bytes32 id = fillUsual(o);
        note("exchange: fill, one copy");
        deliverHere(id, CEK);
        note("exchange: deliver");
        releaseAs(buyer, o, buyer);
        note("exchange: release, 2 payees, their first, buyer's first licence");
        (o.salt, o.copies) = (2, 0);
        id = fillUsual(o);
        note("exchange: fill, without limit of copies");
        deliverHere(id, CEK);
        releaseAs(buyer, o, buyer);
        note("exchange: release, 2 payees, their next, buyer's next licence");
        relayedFill(o);
        (o.salt, o.transferable, o.term) = (3, true, 365 days);
        trade(o);
        note("exchange: release, 2 payees, their next, transferable");
        exchange.withdraw(address(0), doctor);
        note("exchange: withdraw, to an account in use");
        o.currency = address(coin);
        fillUsual(o);
        note("exchange: fill, without limit of copies, ERC-20, its first here");
        o.salt = 4;
        fillUsual(o);
        note("exchange: fill, without limit of copies, ERC-20");
    }

    /// @dev With the buyer's signature.
    function relayedFill(Offer memory o) private {
        o.salt = 10;
        (bytes memory signed, bytes memory byBuyer) =
            (signature(PATIENT_KEY, hashOf(o)), signature(OTHER_KEY, fillHash(o)));
        (uint256 x, uint256 y) = buyerKey();
        vm.deal(relayer, o.price);
        vm.prank(relayer);
        exchange.fill{value: o.price}(o, signed, other, x, y, HPKE_HASH, byBuyer);
        note("exchange: fill, without limit of copies, by a relayer");
    }

    function licenceDisputes() private {
        Offer memory o = usualOffer();
        (o.salt, o.copies) = (5, 0);
        bytes32 id = fillUsual(o);
        Purchase memory p = purchaseOf(o, buyer);
        Delivery memory d = deliverHere(id, keccak256("another key"));
        exchange.revoke(o, p, signature(PATIENT_KEY, revokeHash(id)));
        note("exchange: revoke");
        vm.prank(buyer);
        exchange.proveWrongKey(o, p, d, CID, BUYER_SECRET);
        note("exchange: proveWrongKey, buyer's first");
        o.salt = 7;
        id = fillUsual(o);
        exchange.revoke(o, p, signature(PATIENT_KEY, revokeHash(id)));
        note("exchange: revoke, nothing was delivered, buyer's next");
        o.salt = 6;
        fillUsual(o);
        vm.warp(block.timestamp + 1 hours + 1);
        exchange.refund(o, p);
        note("exchange: refund, buyer's next");
        vm.warp(START);
        exchange.cancel(patient, hashOf(o), signature(PATIENT_KEY, cancelHash(hashOf(o))));
        note("exchange: cancel");
        exchange.cancelBelow(patient, 7, signature(PATIENT_KEY, cancelBelowHash(7)));
        note("exchange: cancelBelow");
    }

    function lazyLicence() private {
        bytes32 content = keccak256("lazy licence");
        Entry memory e;
        e.contentCommitment = content;
        e.split = splitOf(other, 5000, patient, 5000);
        uint256[] memory keys = new uint256[](2);
        (keys[0], keys[1]) = (OTHER_KEY, PATIENT_KEY);
        e.signatures = signaturesOf(content, 0, e.split, keys);
        Offer memory o = usualOffer();
        (o.seller, o.tokenId, o.copies) = (other, tokenOf(content, e.split), 0);
        bytes memory signed = signature(OTHER_KEY, hashOf(o));
        (uint256 x, uint256 y) = buyerKey();
        vm.prank(buyer);
        exchange.enterAndFill{value: o.price}(e, o, signed, buyer, x, y, HPKE_HASH, "");
        note("exchange: enterAndFill, 2 payees, creator's next");
    }

    /// @dev One of the payees is owed nothing before the first.
    function lazySales() private {
        Sale memory s = usualSale();
        s.salt = 11;
        vm.deal(relayer, 2 * s.price);
        lazySale("the first", s);
        note("exchange: enterAndBuy, 2 payees, one's first, buyer's next token");
        lazySale("the next", s);
        note("exchange: enterAndBuy, 2 payees, their next, buyer's next token");
    }

    function lazySale(string memory which, Sale memory s) private {
        Entry memory e = entryOf(keccak256(bytes(which)));
        s.tokenId = tokenOf(e.contentCommitment, e.split);
        enterAndBuyAs(relayer, e, s);
    }

    function tokenSales() private {
        approveAll(patient);
        Sale memory s = usualSale();
        s.salt = 8;
        buyAs(other, s, PATIENT_KEY);
        note("exchange: buy, asset from its creator");
        approveAll(other);
        (s.seller, s.salt) = (other, 9);
        buyAs(buyer, s, OTHER_KEY);
        note("exchange: buy, asset from a later owner");
        lazySales();
    }
}
