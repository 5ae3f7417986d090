// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";
import {RequestsHandler} from "./RequestsHandler.sol";

/// @notice Over any sequence of open, accept, notice, end and withdraw: each deposit is with its sellers, with its buyer or
/// still here, to the wei, and the contract agrees with the model on what may be done.
contract RequestsInvariants is Base {
    struct Selectors {
        address target;
        bytes4[] selectors;
    }

    RequestsHandler private market;

    function setUp() public {
        market = new RequestsHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(market);
    }

    function targetSelectors() public view returns (Selectors[] memory targets) {
        bytes4[9] memory steps = [
            RequestsHandler.add.selector,
            RequestsHandler.open.selector,
            RequestsHandler.open.selector,
            RequestsHandler.accept.selector,
            RequestsHandler.accept.selector,
            RequestsHandler.cancel.selector,
            RequestsHandler.close.selector,
            RequestsHandler.withdraw.selector,
            RequestsHandler.wait_.selector
        ];
        targets = new Selectors[](1);
        targets[0] = Selectors(address(market), new bytes4[](steps.length));
        for (uint256 i = 0; i < steps.length; ++i) {
            targets[0].selectors[i] = steps[i];
        }
    }

    function invariant_EachDepositIsSomewhereToTheWei() public view {
        market.checkMoney();
    }

    /// One long walk that must have met every step and every refusal: else the invariant would hold of nothing.
    function test_TheRequestsReachEveryStep() public {
        uint256 seed = 1;
        bytes4[] memory steps = this.targetSelectors()[0].selectors;
        for (uint256 i = 0; i < 1000; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            (bool ok, bytes memory why) =
                address(market).call(abi.encodeWithSelector(steps[seed % steps.length], seed >> 8));
            if (!ok) {
                assembly {
                    revert(add(why, 32), mload(why))
                }
            }
        }
        string[5] memory met = ["open", "accept", "cancel", "close", "withdraw"];
        for (uint256 i = 0; i < met.length; ++i) {
            isTrue(market.done(met[i]) != 0, met[i]);
            isTrue(market.done(string.concat(met[i], " refused")) != 0, met[i]);
        }
        market.checkMoney();
    }
}
