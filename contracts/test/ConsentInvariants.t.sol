// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";
import {ConsentHandler} from "./ConsentHandler.sol";

/// @notice Revoked opens nothing, ever again; and what is not revoked opens in its time.
contract ConsentInvariants is Base {
    struct Selectors {
        address target;
        bytes4[] selectors;
    }

    ConsentHandler private handler;

    function setUp() public {
        handler = new ConsentHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function targetSelectors() public view returns (Selectors[] memory targets) {
        bytes4[8] memory steps = [
            ConsentHandler.grant.selector,
            ConsentHandler.grant.selector,
            ConsentHandler.grant.selector,
            ConsentHandler.revoke.selector,
            ConsentHandler.revokeFor.selector,
            ConsentHandler.revokeAll.selector,
            ConsentHandler.revokeAllFor.selector,
            ConsentHandler.wait_.selector
        ];
        targets = new Selectors[](1);
        targets[0] = Selectors(address(handler), new bytes4[](steps.length));
        for (uint256 i = 0; i < steps.length; ++i) {
            targets[0].selectors[i] = steps[i];
        }
    }

    function invariant_RevokedOpensNothingEverAgain() public view {
        handler.check();
    }

    /// One long walk that must have met every step and every refusal: else the invariants would hold of nothing.
    function test_EveryStepIsReached() public {
        bytes4[] memory steps = this.targetSelectors()[0].selectors;
        for (uint256 i = 0; i < 120; ++i) {
            uint256 seed = uint256(keccak256(abi.encode(i)));
            (bool ok,) = address(handler).call(abi.encodeWithSelector(steps[seed % steps.length], seed >> 8));
            isTrue(ok, "the model and the contract agree");
        }
        string[6] memory met =
            ["revoke", "revokeFor", "revokeFor refused", "revokeAll", "revokeAllFor", "revokeAllFor refused"];
        for (uint256 k = 0; k < met.length; ++k) {
            isTrue(handler.done(met[k]) != 0, met[k]);
        }
    }
}
