// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";
import {CreatorsHandler} from "./CreatorsHandler.sol";

/// @notice Whatever creators, holders, panels and patients do: supply is fixed, stake covers rights, money is conserved.
contract CreatorsInvariants is Base {
    struct Selectors {
        address target;
        bytes4[] selectors;
    }

    CreatorsHandler private handler;

    function setUp() public {
        handler = new CreatorsHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function targetSelectors() public view returns (Selectors[] memory targets) {
        targets = new Selectors[](1);
        targets[0] = Selectors(address(handler), steps());
    }

    function steps() private pure returns (bytes4[] memory list) {
        bytes4[19] memory all = [
            CreatorsHandler.stake.selector,
            CreatorsHandler.unstake.selector,
            CreatorsHandler.open.selector,
            CreatorsHandler.buy.selector,
            CreatorsHandler.buy.selector,
            CreatorsHandler.transfer.selector,
            CreatorsHandler.permit.selector,
            CreatorsHandler.demand.selector,
            CreatorsHandler.demand.selector,
            CreatorsHandler.honour.selector,
            CreatorsHandler.contest.selector,
            CreatorsHandler.decide.selector,
            CreatorsHandler.settle.selector,
            CreatorsHandler.close.selector,
            CreatorsHandler.end.selector,
            CreatorsHandler.withdraw.selector,
            CreatorsHandler.royalty.selector,
            CreatorsHandler.claim.selector,
            CreatorsHandler.pay.selector
        ];
        list = new bytes4[](all.length + 2);
        for (uint256 i = 0; i < all.length; ++i) {
            list[i] = all[i];
        }
        (list[19], list[20]) = (CreatorsHandler.pause.selector, CreatorsHandler.wait.selector);
    }

    /// @dev In one: each function of a test that calls is a transaction of its own, and slow.
    function invariant_SupplyStakeMoneyAndPartsAreRight() public view {
        handler.issuesAreAsTheModelSays();
        handler.eachRightIsCovered();
        handler.tokensAreAsTheModelSays();
        handler.moneyAddsUp();
        handler.patientsHaveTheirPart();
    }

    function test_EveryStepIsReached() public {
        bytes4[] memory list = steps();
        for (uint256 i = 0; i < 3000; ++i) {
            uint256 seed = uint256(keccak256(abi.encode(i)));
            (bool ok,) = address(handler).call(abi.encodeWithSelector(list[seed % list.length], seed >> 8));
            isTrue(ok, "step");
        }
        this.invariant_SupplyStakeMoneyAndPartsAreRight();
        isTrue(handler.done("unstake carried") != 0, "unstake carried");
        string[17] memory what = [
            "stake", "unstake", "open", "buy", "transfer", "permit", "demand", "honour", "contest", "decide", "settle", "close", "end",
            "withdraw", "withdraw to a till", "claim", "pay"
        ];
        for (uint256 i = 0; i < what.length; ++i) {
            isTrue(handler.done(what[i]) != 0, what[i]);
            if (i != 0) isTrue(handler.done(string.concat(what[i], " refused")) != 0, string.concat(what[i], " refused"));
        }
    }
}
