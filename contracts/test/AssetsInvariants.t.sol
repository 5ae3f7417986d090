// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AssetsHandler} from "./AssetsHandler.sol";
import {Base} from "./Base.sol";

/// @notice Whichever way assets are entered and moved: one owner a token, and balances that add up.
contract AssetsInvariants is Base {
    struct Selectors {
        address target;
        bytes4[] selectors;
    }

    AssetsHandler private handler;

    function setUp() public {
        handler = new AssetsHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function targetSelectors() public view returns (Selectors[] memory targets) {
        bytes4[8] memory steps = [
            AssetsHandler.enterAsCreator.selector,
            AssetsHandler.enter.selector,
            AssetsHandler.enterByVoucher.selector,
            AssetsHandler.materialise.selector,
            AssetsHandler.materialiseSingle.selector,
            AssetsHandler.transfer.selector,
            AssetsHandler.permit.selector,
            AssetsHandler.succeed.selector
        ];
        targets = new Selectors[](1);
        targets[0] = Selectors(address(handler), new bytes4[](steps.length));
        for (uint256 i = 0; i < steps.length; ++i) {
            targets[0].selectors[i] = steps[i];
        }
    }

    function invariant_EachTokenIsWhoseTheModelSaysAndBalancesAddUp() public view {
        handler.check();
    }

    /// One long walk that must have met every step and every refusal: else the invariants would hold of nothing.
    function test_EveryStepIsReached() public {
        bytes4[] memory steps = this.targetSelectors()[0].selectors;
        string[7] memory names =
            ["enterAsCreator", "enter", "enterByVoucher", "materialise", "materialiseSingle", "transfer", "succeed"];
        uint256[7] memory met;
        uint256[7] memory refused;
        for (uint256 walk = 0; walk < 4; ++walk) {
            handler = new AssetsHandler();
            for (uint256 i = 0; i < 150; ++i) {
                uint256 seed = uint256(keccak256(abi.encode(walk, i)));
                (bool ok,) = address(handler).call(abi.encodeWithSelector(steps[seed % steps.length], seed >> 8));
                isTrue(ok, "the model and the contract agree");
            }
            for (uint256 k = 0; k < names.length; ++k) {
                met[k] += handler.done(names[k]);
                refused[k] += handler.done(string.concat(names[k], " refused"));
            }
        }
        for (uint256 k = 0; k < names.length; ++k) {
            isTrue(met[k] != 0, names[k]);
            isTrue(refused[k] != 0, string.concat(names[k], " refused"));
        }
    }
}
