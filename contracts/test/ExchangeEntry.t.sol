// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Entry, IExchange, Offer, TradeState} from "../src/IExchange.sol";
import {ExchangeStand} from "./ExchangeStand.sol";

/// @notice The first sale, which enters the asset.
contract ExchangeEntryTest is ExchangeStand {
    function test_TheFirstSaleMintsTheAsset() public {
        Entry memory e;
        e.contentCommitment = keccak256("not yet entered");
        e.split = usualSplit();
        e.signatures = signaturesOf(e.contentCommitment, 0, e.split, usualKeys());
        Offer memory o = usualOffer();
        o.tokenId = tokenOf(e.contentCommitment, e.split);
        enterAndFill(e, o);
        eq(assets.ownerOf(o.tokenId), patient, "owner");
        // Somebody else entered it first: it is a fill.
        o.salt = 2;
        enterAndFill(e, o);
        eq(address(exchange).balance, 2 * price, "escrow");
        // What is entered is what is sold.
        e.contentCommitment = keccak256("another");
        e.signatures = signaturesOf(e.contentCommitment, 0, e.split, usualKeys());
        o.tokenId = 1;
        bytes memory signed = signature(PATIENT_KEY, hashOf(o));
        (uint256 x, uint256 y) = buyerKey();
        wants(IExchange.WrongAsset.selector);
        exchange.enterAndFill(e, o, signed, buyer, x, y, HPKE_HASH, "");
    }

    function enterAndFill(Entry memory e, Offer memory o) private {
        bytes memory signed = signature(PATIENT_KEY, hashOf(o));
        (uint256 x, uint256 y) = buyerKey();
        wants(IExchange.BadSignature.selector, buyer);
        exchange.enterAndFill(e, o, signed, buyer, x, y, HPKE_HASH, "");
        vm.prank(buyer);
        exchange.enterAndFill{value: o.price}(e, o, signed, buyer, x, y, HPKE_HASH, "");
    }

    /// With a fill, what its payees signed is entered and what its seller signed is sold: both or neither.
    function testFuzz_AFirstSaleEntersWhatWasSignedOrNothing(bytes32 content, uint8 fault, uint96 wrong, uint64 salt) public {
        vm.assume(content != CONTENT);
        Entry memory e = entryOf(content);
        Offer memory o = usualOffer();
        (o.tokenId, o.salt) = (tokenOf(content, e.split), salt);
        fault %= 6;
        if (fault == 1) e.signatures[1] = signature(OTHER_KEY, assetDigest(content, 0, e.split));
        if (fault == 2) e = entryOf(~content);
        if (fault == 3) assets.enter(content, 0, e.split, e.signatures); // by somebody else, before
        if (fault == 3) e.signatures = new bytes[](0);
        uint256 paid = fault == 4 ? wrong : price;
        bool ok = enters(e, o, fault == 5 ? OTHER_KEY : PATIENT_KEY, paid);
        isTrue(ok == (fault == 0 || fault == 3 || (fault == 4 && wrong >= price)), "both were signed and it is paid");
        isTrue(assets.entered(o.tokenId) == (ok || fault == 3), "entered");
        isTrue(!assets.entered(tokenOf(~content, e.split)), "and nothing else");
        eq(uint256(exchange.trade(tradeOf(o, purchaseOf(o, buyer))).state), uint256(ok ? TradeState.Filled : TradeState.None), "trade");
        eq(address(exchange).balance, ok ? paid : 0, "escrow");
        eq(exchange.owed(MONEY, buyer), ok ? paid - price : 0, "what is over is owed back");
    }

    function enters(Entry memory e, Offer memory o, uint256 key, uint256 paid) private returns (bool ok) {
        bytes memory signed = signature(key, hashOf(o));
        (uint256 x, uint256 y) = buyerKey();
        vm.deal(buyer, paid);
        vm.prank(buyer);
        try exchange.enterAndFill{value: paid}(e, o, signed, buyer, x, y, HPKE_HASH, "") {
            return true;
        } catch {
            return false;
        }
    }
}
