// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {State} from "../src/IRewards.sol";
import {Base} from "./Base.sol";
import {RewardsHandler} from "./RewardsHandler.sol";

/// @notice Over any sequence of posting, dispute, decision, silence, claim and return: nothing is lost or made, no leaf is
/// paid twice, no list takes more than its total, no bond is owed twice.
contract RewardsInvariantsTest is Base {
    struct Selectors {
        address target;
        bytes4[] selectors;
    }

    RewardsHandler private work;

    function setUp() public {
        work = new RewardsHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(work);
    }

    function targetSelectors() public view returns (Selectors[] memory targets) {
        bytes4[18] memory steps = [
            RewardsHandler.fund.selector,
            RewardsHandler.fund.selector,
            RewardsHandler.post.selector,
            RewardsHandler.post.selector,
            RewardsHandler.dispute.selector,
            RewardsHandler.decide.selector,
            RewardsHandler.expire.selector,
            RewardsHandler.settle.selector,
            RewardsHandler.settle.selector,
            RewardsHandler.claim.selector,
            RewardsHandler.claim.selector,
            RewardsHandler.claim.selector,
            RewardsHandler.close.selector,
            RewardsHandler.reclaim.selector,
            RewardsHandler.withdraw.selector,
            RewardsHandler.pauseIt.selector,
            RewardsHandler.wait_.selector,
            RewardsHandler.wait_.selector
        ];
        targets = new Selectors[](1);
        targets[0] = Selectors(address(work), new bytes4[](steps.length));
        for (uint256 i = 0; i < steps.length; ++i) {
            targets[0].selectors[i] = steps[i];
        }
    }

    /// In one, because each invariant walks its own ways.
    function invariant_NothingIsLostOrMadeAndEachHasItsOwn() public view {
        whatIsHereIsBondsPotsListsAndDebts();
        eachIsOwedWhatTheRulesSay();
        eachListIsWhereItShouldBe();
        eq(work.thief().reentered(), 0, "calls back that worked");
    }

    function whatIsHereIsBondsPotsListsAndDebts() private view {
        for (uint256 c = 0; c < 3; ++c) {
            (uint256 here, uint256 due) = work.money(c);
            eq(here, due, "here = bonds + pots + left of lists + owed");
            uint256 paidIn = c == 0 ? work.made() : work.paidIn(c);
            uint256 gone = c == 0 ? work.paidOut(0) + work.destroyed() : work.paidOut(c);
            eq(paidIn, here + gone, "in = here + out");
        }
        eq(work.supply(), work.made() - work.destroyed(), "voice is made for settled lists alone");
    }

    function eachIsOwedWhatTheRulesSay() private view {
        for (uint256 i = 0; i < work.actorCount(); ++i) {
            for (uint256 c = 0; c < 3; ++c) {
                eq(work.owedTo(c, work.actors(i)), work.modelOwed(c, work.actors(i)), "owed");
            }
        }
    }

    function eachListIsWhereItShouldBe() private view {
        for (uint256 i = 0; i < work.count(); ++i) {
            RewardsHandler.Item memory it = work.item(i);
            (State state, uint256 left) = work.stateOf(i);
            eq(uint256(state), uint256(it.state), "state");
            eq(left, it.state == State.Settled ? it.total - it.paid : 0, "left");
            isTrue(it.paid <= it.total, "no more than its total");
        }
    }

    /// One long walk that must have met every step and every refusal: else the invariants would hold of nothing.
    function test_TheWorkReachesEveryStep() public {
        uint256 seed = 1;
        bytes4[] memory steps = this.targetSelectors()[0].selectors;
        for (uint256 i = 0; i < 4000; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            (bool ok, bytes memory why) =
                address(work).call(abi.encodeWithSelector(steps[seed % steps.length], seed >> 8));
            if (!ok) {
                assembly {
                    revert(add(why, 32), mload(why))
                }
            }
        }
        string[12] memory met = [
            "fund", "post", "dispute", "decide", "expire", "settle", "claim", "close", "reclaim", "withdraw", "pause",
            "wait"
        ];
        for (uint256 i = 0; i < met.length; ++i) {
            isTrue(work.done(met[i]) != 0, met[i]);
            string memory refused = string.concat(met[i], " refused");
            isTrue(i > 9 || work.done(refused) != 0, refused);
        }
        invariant_NothingIsLostOrMadeAndEachHasItsOwn();
    }
}
