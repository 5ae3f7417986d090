// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {State} from "../src/ISettlement.sol";
import {Base} from "./Base.sol";
import {Market} from "./Market.sol";

/// @notice Over any sequence of order, cancel, fill, deliver, wrong key, silence, release, refund and withdraw: the sum is
/// conserved, nobody is paid twice, the split is exact to the wei.
contract MoneyTest is Base {
    struct Selectors {
        address target;
        bytes4[] selectors;
    }

    Market private market;

    function setUp() public {
        market = new Market();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(market);
    }

    function targetSelectors() public view returns (Selectors[] memory targets) {
        bytes4[15] memory steps = [
            Market.order.selector,
            Market.transfer.selector,
            Market.fill.selector,
            Market.fill.selector,
            Market.deliver.selector,
            Market.deliver.selector,
            Market.release.selector,
            Market.release.selector,
            Market.refund.selector,
            Market.proveWrongKey.selector,
            Market.cancel.selector,
            Market.revoke.selector,
            Market.withdraw.selector,
            Market.withdrawTo.selector,
            Market.wait_.selector
        ];
        targets = new Selectors[](1);
        targets[0] = Selectors(address(market), new bytes4[](steps.length));
        for (uint256 i = 0; i < steps.length; ++i) {
            targets[0].selectors[i] = steps[i];
        }
    }

    function invariant_TheSumIsConserved() public view {
        (uint256 balance, uint256 owedInAll, uint256 inEscrow) = market.money();
        eq(balance, owedInAll + inEscrow, "balance = owed + escrow");
        eq(market.paidIn(), market.paidOut() + balance, "paid in = paid out + balance");
    }

    function invariant_EachPayeeIsOwedWhatTheRulesSay() public view {
        for (uint256 i = 0; i < market.actorCount(); ++i) {
            address actor = market.actors(i);
            eq(market.owedTo(actor), market.modelOwed(actor), "owed");
        }
    }

    function invariant_NoOrderIsPaidTwice() public view {
        for (uint256 i = 0; i < market.orders(); ++i) {
            Market.Item memory it = market.item(i);
            eq(uint256(market.stateOf(it.hash)), uint256(it.state), "state");
            bool settled = it.state == State.Released || it.state == State.Refunded;
            eq(it.credits, settled ? 1 : 0, "times credited");
            eq(it.credited, settled ? it.order.priceWei : 0, "credited = price, to the wei");
        }
    }

    function invariant_NobodyGetsMoneyByCallingBack() public view {
        eq(market.thiefReentered(), 0, "calls back that worked");
    }

    /// One long walk that must have met every step and every refusal: else the invariants would hold of nothing.
    function test_TheMarketReachesEveryStep() public {
        uint256 seed = 1;
        for (uint256 i = 0; i < 4000; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            bytes4[] memory steps = this.targetSelectors()[0].selectors;
            bytes memory data = abi.encodeWithSelector(steps[seed % steps.length], seed >> 8, seed >> 16);
            (bool ok, bytes memory why) = address(market).call(data);
            if (!ok) {
                assembly {
                    revert(add(why, 32), mload(why))
                }
            }
        }
        string[11] memory met = [
            "fill", "deliver", "release", "refund", "proveWrongKey", "cancel", "revoke", "withdraw", "withdrawTo",
            "transfer", "wait"
        ];
        for (uint256 i = 0; i < met.length; ++i) {
            isTrue(market.done(met[i]) != 0, met[i]);
            string memory refused = string.concat(met[i], " refused");
            isTrue(i > 8 || market.done(refused) != 0, refused);
        }
        invariant_TheSumIsConserved();
        invariant_EachPayeeIsOwedWhatTheRulesSay();
        invariant_NoOrderIsPaidTwice();
        invariant_NobodyGetsMoneyByCallingBack();
    }
}
