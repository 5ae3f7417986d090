// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Kind} from "../src/ICompany.sol";
import {Companies, Company} from "./Faces.sol";
import {Pauser} from "./hostile/Pauser.sol";
import {Register} from "./Register.sol";

/// @notice A company of 1,000 shares at most, of which ann has 400, ben 250 and cat 50.
abstract contract CompanyFixture is Register {
    uint32 internal constant CAP = 1000;

    Pauser internal pauser;
    Companies internal companies;
    Company internal c;

    function setUp() public virtual override {
        vm.warp(START);
        pauser = new Pauser();
        companies = Companies(deploy("Companies", abi.encode(pauser)));
        c = started(address(0));
        vm.deal(address(this), 1000 ether);
    }

    function started(address currency) internal returns (Company made) {
        made = founded(companies, currency, CAP);
        joins(made, ANN_KEY);
        joins(made, BEN_KEY);
        joins(made, CAT_KEY);
        contributes(made, ANN_KEY, 400);
        contributes(made, BEN_KEY, 250);
        contributes(made, CAT_KEY, 50);
        vm.warp(block.timestamp + 1);
    }

    /// @dev A motion that ann carries alone, up to the moment when it can be executed.
    function carried(Kind kind, uint160 value) internal returns (uint256 number) {
        number = proposes(c, ann, kind, value);
        vm.warp(block.timestamp + 1);
        backs(c, ann, number);
        vm.warp(block.timestamp + 14 days);
    }

    function standing(address who) internal view returns (uint256) {
        (bool ok, bytes memory answer) = address(c).staticcall(abi.encodeCall(c.entryOf, (who)));
        isTrue(ok, "entryOf");
        return abi.decode(answer, (uint256));
    }
}
