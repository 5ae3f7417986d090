// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Deal, IExchange, Offer, TradeState} from "../src/IExchange.sol";
import {ExchangeFixture} from "./ExchangeFixture.sol";

/// @notice An exchange with an asset that is entered: what its tests share.
abstract contract ExchangeStand is ExchangeFixture {
    address internal constant MONEY = address(0);

    uint256 internal id; // of the asset
    uint256 internal price;

    function setUp() public override {
        super.setUp();
        openExchange();
        id = enterUsual();
        price = usualOffer().price;
    }

    function bySigner() internal view returns (bytes memory) {
        return abi.encodeWithSelector(IExchange.BadSignature.selector, patient);
    }

    function refuses(Offer memory o, bytes memory signed, uint256 valueWei, bytes memory why) internal {
        (uint256 x, uint256 y) = buyerKey();
        vm.prank(buyer);
        vm.expectRevert(why);
        exchange.fill{value: valueWei}(o, signed, buyer, x, y, HPKE_HASH, "");
    }

    function refusesSigned(Offer memory o, bytes memory why) internal {
        refuses(o, signature(PATIENT_KEY, hashOf(o)), o.price, why);
    }

    function isDeal(bytes32 tradeId, TradeState state, uint256 dueAt, bytes20 mark) internal view {
        Deal memory deal = exchange.trade(tradeId);
        eq(uint256(deal.state), uint256(state), "state");
        eq(deal.dueAt, dueAt, "due");
        eq(bytes32(deal.mark), bytes32(mark), "mark");
        eq(deal.span, 2 hours, "span");
        isTrue(!deal.revoked && !deal.transferable, "revoked or transferable");
    }
}
