// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";
import {ExchangeHandler} from "./ExchangeHandler.sol";

/// @notice Over any sequence of what people can do in the market: money is conserved in each currency, nobody is paid
/// twice, no token or licence changes hands unpaid, and what was taken back is never filled.
contract ExchangeInvariants is Base {
    struct Selectors {
        address target;
        bytes4[] selectors;
    }

    ExchangeHandler private market;

    function setUp() public {
        market = new ExchangeHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(market);
    }

    function targetSelectors() public view returns (Selectors[] memory targets) {
        bytes4[24] memory steps = [
            ExchangeHandler.offer.selector,
            ExchangeHandler.sale.selector,
            ExchangeHandler.sale.selector,
            ExchangeHandler.transfer.selector,
            ExchangeHandler.pause.selector,
            ExchangeHandler.fill.selector,
            ExchangeHandler.fill.selector,
            ExchangeHandler.fill.selector,
            ExchangeHandler.buy.selector,
            ExchangeHandler.buy.selector,
            ExchangeHandler.enterAndBuy.selector,
            ExchangeHandler.deliver.selector,
            ExchangeHandler.deliver.selector,
            ExchangeHandler.release.selector,
            ExchangeHandler.release.selector,
            ExchangeHandler.refund.selector,
            ExchangeHandler.proveWrongKey.selector,
            ExchangeHandler.revoke.selector,
            ExchangeHandler.cancel.selector,
            ExchangeHandler.cancelBelow.selector,
            ExchangeHandler.pass.selector,
            ExchangeHandler.withdraw.selector,
            ExchangeHandler.withdrawTo.selector,
            ExchangeHandler.wait_.selector
        ];
        targets = new Selectors[](1);
        targets[0] = Selectors(address(market), new bytes4[](steps.length));
        for (uint256 i = 0; i < steps.length; ++i) {
            targets[0].selectors[i] = steps[i];
        }
    }

    function invariant_TheSumIsConservedAndEachPayeeIsOwedWhatTheRulesSay() public view {
        market.checkMoney();
    }

    /// At the end of each run, for it takes long: no trade is paid twice, no token is had unpaid, no order is filled too often.
    function afterInvariant() public view {
        market.checkTrades();
        market.checkTokens();
        market.checkOrders();
    }

    /// One long walk that must have met every step and every refusal: else the invariants would hold of nothing.
    function test_TheMarketReachesEveryStep() public {
        uint256 seed = 1;
        bytes4[] memory steps = this.targetSelectors()[0].selectors;
        for (uint256 i = 0; i < 2500; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            bytes memory data = abi.encodeWithSelector(steps[seed % steps.length], seed >> 8);
            (bool ok, bytes memory why) = address(market).call(data);
            if (!ok) {
                assembly {
                    revert(add(why, 32), mload(why))
                }
            }
        }
        isTrue(market.done("fill for another") != 0, "fill for another");
        string[15] memory met = [
            "enterAndBuy", "fill", "buy", "resell", "deliver", "release", "refund", "proveWrongKey", "revoke", "cancel", "cancelBelow",
            "pass", "withdraw", "withdrawTo", "transfer"
        ];
        for (uint256 i = 0; i < met.length; ++i) {
            isTrue(market.done(met[i]) != 0, met[i]);
            string memory refused = string.concat(met[i], " refused");
            isTrue(i == 14 || market.done(refused) != 0, refused);
        }
        invariant_TheSumIsConservedAndEachPayeeIsOwedWhatTheRulesSay();
        afterInvariant();
    }
}
