// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "../src/ICreators.sol";
import {CreatorsFixture} from "./CreatorsFixture.sol";

/// @notice An issue of a doctor that is open: what its tests share.
abstract contract CreatorsStand is CreatorsFixture {
    Terms internal t;
    uint256 internal issueId;

    function setUp() public override {
        super.setUp();
        deployCreators();
        t = usualIssue();
        issueId = openIssue();
    }

    function stateOf(uint256 id) internal view returns (uint256) {
        return uint256(creators.issue(id).state);
    }

    function trustMore(uint32 promises) internal {
        attestBy(SECOND_KEY, statement(SECOND_KEY, doctor, 50 + promises, 2));
    }
}
