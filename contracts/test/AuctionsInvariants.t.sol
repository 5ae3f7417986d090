// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AuctionsHandler} from "./AuctionsHandler.sol";
import {Base} from "./Base.sol";

/// @notice Over any sequence of auctions, bids, trades, disputes and votes: money is conserved over the Exchange, the Auctions
/// and a Panel together and in each of them, everybody is owed what the rules say, and nobody is stuck.
contract AuctionsInvariants is Base {
    struct Selectors {
        address target;
        bytes4[] selectors;
    }

    AuctionsHandler private market;

    function setUp() public {
        market = new AuctionsHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(market);
    }

    function targetSelectors() public view returns (Selectors[] memory targets) {
        bytes4[27] memory steps = [
            AuctionsHandler.open.selector,
            AuctionsHandler.bid.selector,
            AuctionsHandler.bid.selector,
            AuctionsHandler.bid.selector,
            AuctionsHandler.settle.selector,
            AuctionsHandler.settle.selector,
            AuctionsHandler.settle.selector,
            AuctionsHandler.refund.selector,
            AuctionsHandler.cancel.selector,
            AuctionsHandler.renege.selector,
            AuctionsHandler.deliver.selector,
            AuctionsHandler.deliver.selector,
            AuctionsHandler.undelivered.selector,
            AuctionsHandler.release.selector,
            AuctionsHandler.undelivered.selector,
            AuctionsHandler.dispute.selector,
            AuctionsHandler.dispute.selector,
            AuctionsHandler.vote.selector,
            AuctionsHandler.vote.selector,
            AuctionsHandler.carry.selector,
            AuctionsHandler.halve.selector,
            AuctionsHandler.close.selector,
            AuctionsHandler.bond.selector,
            AuctionsHandler.resign.selector,
            AuctionsHandler.free.selector,
            AuctionsHandler.withdraw.selector,
            AuctionsHandler.wait_.selector
        ];
        targets = new Selectors[](1);
        targets[0] = Selectors(address(market), new bytes4[](steps.length));
        for (uint256 i = 0; i < steps.length; ++i) {
            targets[0].selectors[i] = steps[i];
        }
    }

    function invariant_MoneyIsConservedAndEachIsOwedWhatTheRulesSay() public view {
        market.checkMoney();
    }

    /// At the end of each run, for it takes long.
    function afterInvariant() public view {
        market.checkStates();
    }

    /// One market after another, which together must have met every step and every refusal: else the invariants would hold
    /// of nothing.
    function test_TheMarketsReachEveryStep() public {
        string[19] memory met = [
            "bid", "settle", "settleSale", "refund", "cancel", "renege", "deliver", "release", "undelivered", "dispute",
            "vote", "carry", "halve", "close", "bond", "resign", "free", "withdraw", "open"
        ];
        uint256[19] memory times;
        uint256[19] memory refusals;
        uint256 seed = 1;
        for (uint256 k = 0; k < 6; ++k) {
            if (k != 0) market = new AuctionsHandler();
            seed = _walk(seed, 600);
            market.checkMoney();
            market.checkStates();
            for (uint256 i = 0; i < met.length; ++i) {
                times[i] += market.done(met[i]);
                refusals[i] += market.done(string.concat(met[i], " refused"));
            }
        }
        for (uint256 i = 0; i < met.length; ++i) {
            isTrue(times[i] != 0, met[i]);
            isTrue(i == 18 || refusals[i] != 0, string.concat(met[i], " refused"));
        }
    }

    function _walk(uint256 seed, uint256 length) private returns (uint256) {
        bytes4[] memory steps = this.targetSelectors()[0].selectors;
        for (uint256 i = 0; i < length; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            bytes memory data = abi.encodeWithSelector(steps[seed % steps.length], seed >> 8);
            (bool ok, bytes memory why) = address(market).call(data);
            if (!ok) {
                assembly {
                    revert(add(why, 32), mload(why))
                }
            }
        }
        return seed;
    }
}
