// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";
import {IdentityHandler} from "./IdentityHandler.sol";

/// @notice Over any sequence of entries, guardians, recoveries and stops: one token a person, one person a token.
contract IdentityInvariants is Base {
    struct Selectors {
        address target;
        bytes4[] selectors;
    }

    IdentityHandler private handler;

    function setUp() public {
        handler = new IdentityHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function targetSelectors() public view returns (Selectors[] memory targets) {
        bytes4[8] memory steps = [
            IdentityHandler.enter.selector,
            IdentityHandler.name.selector,
            IdentityHandler.recover.selector,
            IdentityHandler.recover.selector,
            IdentityHandler.stop.selector,
            IdentityHandler.finish.selector,
            IdentityHandler.finish.selector,
            IdentityHandler.wait_.selector
        ];
        targets = new Selectors[](1);
        targets[0] = Selectors(address(handler), new bytes4[](steps.length));
        for (uint256 i = 0; i < steps.length; ++i) {
            targets[0].selectors[i] = steps[i];
        }
    }

    function invariant_OnePersonHasOneTokenAndItIsWhoseTheModelSays() public view {
        handler.check();
    }

    /// One long walk that must have met every step and every refusal: else the invariants would hold of nothing.
    function test_EveryStepIsReached() public {
        bytes4[] memory steps = this.targetSelectors()[0].selectors;
        string[5] memory names = ["enter", "name", "recover", "stop", "finish"];
        uint256[5] memory met;
        uint256[5] memory refused;
        for (uint256 walk = 0; walk < 5; ++walk) {
            handler = new IdentityHandler();
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
