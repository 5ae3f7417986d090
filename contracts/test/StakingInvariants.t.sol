// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";
import {StakingHandler} from "./StakingHandler.sol";

/// @notice Over any sequence of stakes, deposits, pledges, claims and exits: tokens are where their stakes say, money adds
/// up, and everyone earned what weight and time say.
contract StakingInvariants is Base {
    struct Selectors {
        address target;
        bytes4[] selectors;
    }

    StakingHandler private h;

    function setUp() public {
        h = new StakingHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(h);
    }

    function targetSelectors() public view returns (Selectors[] memory targets) {
        bytes4[17] memory steps = [
            h.stake.selector,
            h.stake.selector,
            h.stake.selector,
            h.unbond.selector,
            h.unstake.selector,
            h.claim.selector,
            h.claimTo.selector,
            h.deposit.selector,
            h.deposit.selector,
            h.reclaim.selector,
            h.pledge.selector,
            h.takeBond.selector,
            h.forfeit.selector,
            h.transfer.selector,
            h.pause.selector,
            h.wait_.selector,
            h.wait_.selector
        ];
        targets = new Selectors[](1);
        targets[0] = Selectors(address(h), new bytes4[](steps.length));
        for (uint256 i = 0; i < steps.length; ++i) {
            targets[0].selectors[i] = steps[i];
        }
    }

    /// All at once: the walk is what takes the time.
    function invariant_TokensAndMoneyAreWhereTheStakesSay() public view {
        h.eachStakedTokenIsHereInOneStake();
        h.theWeightIsTheSumOfWeights();
        h.moneyAddsUp();
        h.eachStakeEarnedWhatWeightAndTimeSay();
        h.nobodyGetsMoneyByCallingBack();
    }

    /// One long walk that must have met every step and every refusal: else the invariants would hold of nothing.
    function test_StakingReachesEveryStep() public {
        uint256 seed = 1;
        for (uint256 i = 0; i < 1500; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            bytes4[] memory steps = this.targetSelectors()[0].selectors;
            bytes memory data = abi.encodeWithSelector(steps[seed % steps.length], seed >> 8);
            (bool ok, bytes memory why) = address(h).call(data);
            if (!ok) {
                assembly {
                    revert(add(why, 32), mload(why))
                }
            }
        }
        string[13] memory met = [
            "stake", "unbond", "unstake", "claim", "claimTo", "deposit", "reclaim", "pledge", "takeBond", "forfeit",
            "transfer", "pause", "wait"
        ];
        for (uint256 i = 0; i < met.length; ++i) {
            isTrue(h.done(met[i]) != 0, met[i]);
            string memory refused = string.concat(met[i], " refused");
            isTrue(i > 9 || h.done(refused) != 0, refused);
        }
        invariant_TokensAndMoneyAreWhereTheStakesSay();
    }
}
