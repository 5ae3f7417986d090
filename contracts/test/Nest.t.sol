// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";
import {Nest} from "./Faces.sol";

/// @notice One contract at an address that its code does not decide, made by the owner alone.
contract NestTest is Base {
    address internal constant OWNER = address(0x0E);
    // A contract whose code is the one byte 0x2a: PUSH1 2a, PUSH0, MSTORE8, PUSH1 1, PUSH0, RETURN.
    bytes internal constant CODE = hex"602a5f5360015ff3";

    Nest internal nest;

    function setUp() public {
        nest = Nest(deploy("Nest", abi.encode(OWNER)));
    }

    function test_LaysWhereItWasSaid() public {
        vm.prank(OWNER);
        address made = nest.lay(CODE);
        eq(made, vm.computeCreateAddress(address(nest), 1), "the address is known before");
        eq(keccak256(made.code), keccak256(hex"2a"), "the code is what was given");
    }

    function testFuzz_OnlyTheOwnerLays(address caller, bytes calldata code) public {
        vm.assume(caller != OWNER);
        vm.expectRevert(abi.encodeWithSelector(Nest.NotOwner.selector, caller));
        vm.prank(caller);
        nest.lay(code);
    }

    function test_LaysOnce() public {
        vm.prank(OWNER);
        nest.lay(CODE);
        vm.expectRevert(abi.encodeWithSelector(Nest.NotLaid.selector));
        vm.prank(OWNER);
        nest.lay(CODE);
    }

    function test_AConstructorThatFailsLaysNothing() public {
        vm.expectRevert(abi.encodeWithSelector(Nest.NotLaid.selector));
        vm.prank(OWNER);
        nest.lay(hex"5f5ffd"); // revert(0, 0)
        vm.prank(OWNER);
        nest.lay(CODE); // and the nest is still free
    }
}
