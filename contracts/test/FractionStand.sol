// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {FractionFixture} from "./FractionFixture.sol";
import {Fraction} from "./Faces.sol";

/// @notice A vault of which people hold fractions: what its tests share.
abstract contract FractionStand is FractionFixture {
    Fraction internal f;

    function setUp() public override {
        super.setUp();
        f = fractionalise(terms(address(0)));
        vm.deal(address(this), 1000 ether);
        vm.deal(ann, 1000 ether);
        vm.deal(ben, 1000 ether);
    }

    function offered(address who, uint96 price) internal {
        vm.prank(who);
        f.offer{value: uint256(price) * SUPPLY}(price);
    }

    function objects(address who) internal {
        vm.prank(who);
        f.object();
    }

    function chooses(address who, address candidate) internal {
        vm.prank(who);
        f.choose(candidate);
    }

    function unlocks(address who) internal {
        vm.prank(who);
        f.unlock();
    }

    receive() external payable {}
}
