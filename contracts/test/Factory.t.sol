// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "./Base.sol";

/// @notice Salt and code decide the address, and nothing else does.
contract FactoryTest is Base {
    // PUSH1 2a, PUSH0, MSTORE8, PUSH1 1, PUSH0, RETURN: a contract whose code is the one byte 0x2a.
    bytes internal constant CODE = hex"602a5f5360015ff3";

    address internal factory;

    function setUp() public {
        factory = deploy("Factory", "");
    }

    function testFuzz_TheAddressIsOfSaltAndCode(bytes32 salt, address caller) public {
        vm.prank(caller);
        (bool ok, bytes memory answer) = factory.call(bytes.concat(salt, CODE));
        isTrue(ok, "it is made");
        address want = address(uint160(uint256(keccak256(abi.encodePacked(hex"ff", factory, salt, keccak256(CODE))))));
        eq(address(bytes20(answer)), want, "the answer is its address");
        eq(keccak256(want.code), keccak256(hex"2a"), "and it stands there");
    }

    /// As the proxy that it stands in for does: a salt alone makes an account without code.
    function test_ASaltAloneMakesWhatHasNoCode() public {
        (bool ok, bytes memory answer) = factory.call(bytes.concat(bytes32(uint256(7))));
        isTrue(ok && answer.length == 20 && bytes20(answer) != 0, "made");
        eq(address(bytes20(answer)).code.length, 0, "of nothing");
        refuses(bytes.concat(bytes32(uint256(7)))); // it stands already
    }

    function test_RefusesWhatItCannotMake() public {
        refuses(""); // no salt
        refuses(new bytes(31));
        refuses(bytes.concat(bytes32(0), hex"5f5ffd")); // the constructor reverts
        (bool ok,) = factory.call(bytes.concat(bytes32(0), CODE));
        isTrue(ok, "made once");
        refuses(bytes.concat(bytes32(0), CODE)); // it stands already
    }

    function refuses(bytes memory input) private {
        (bool ok, bytes memory answer) = factory.call(input);
        isTrue(!ok, "it was made");
        eq(bytes32(bytes4(answer)), bytes32(bytes4(keccak256("NotMade()"))), "the error");
    }
}
