// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Right, Terms} from "../../src/ICreators.sol";
import {ITill} from "../../src/ITill.sol";
import {CreatorsFixture} from "../CreatorsFixture.sol";
import {SumTree, Weight} from "../SumTree.sol";
import {Rows} from "./Rows.sol";

/// @notice What an issue, its tokens, its rights and its patients' parts cost.
abstract contract CreatorsGas is Rows, CreatorsFixture {
    uint256 private constant PATIENTS = 1024;

    function issues() internal {
        vm.warp(START);
        deployCreators();
        attestBy(ATTESTER_KEY, statement(ATTESTER_KEY, doctor, 150, 1));
        note("reputation: attest, the first");
        attestBy(SECOND_KEY, statement(SECOND_KEY, doctor, 50, 1));
        stakeFor(doctor, NATIVE, uint128(100 * PLEDGE));
        note("creators: stake, creator's first");
        Terms memory t = usualIssue();
        Weight[] memory list = many();
        (t.patientsRoot, t.patientsTotal) = (SumTree.root(list).hash, uint64(SumTree.root(list).sum));
        uint256 id = openAs(t, DOCTOR_KEY);
        note("creators: open, 2 rights, 2 attesters, whatever the supply and the number of patients");
        sales(t);
        rights(t, id);
        parts(t, id, list);
        vm.prank(doctor);
        creators.close(t, usualRights(), "");
        note("creators: close");
        vm.warp(t.until + 1);
        creators.end(t);
        note("creators: end");
        uint256 now_ = block.timestamp;
        creators.unstake(doctor, NATIVE, PLEDGE, now_, signature(DOCTOR_KEY, unstakeHash(NATIVE, PLEDGE, 0, now_)));
        note("creators: unstake, the first");
    }

    function sales(Terms memory t) private {
        buyFor(t, other);
        note("creators: buy, the issue's first, holder's first");
        buyFor(t, buyer);
        note("creators: buy, the issue's next, holder's first");
        buyFor(t, other);
        note("creators: buy, the issue's next, holder's next");
    }

    function rights(Terms memory t, uint256 id) private {
        creators.honour(t, usualRights(), id + 1, 0, signature(OTHER_KEY, receiptHash(id + 1, 0, 0)));
        note("creators: honour, by a receipt, creator's first");
        creators.honour(t, usualRights(), id + 3, 0, signature(OTHER_KEY, receiptHash(id + 3, 0, 0)));
        note("creators: honour, by a receipt, creator's next");
        bytes memory signed = signature(OTHER_KEY, demandHash(id + 1, 1, 0, START));
        creators.demand(t, usualRights(), id + 1, 1, START, signed);
        note("creators: demand");
        creators.contest(t, id + 1, "e", signature(DOCTOR_KEY, contestHash(creators.caseOf(id + 1), "e")));
        note("creators: contest");
        bytes32 caseId = creators.caseOf(id + 1);
        vm.prank(JURY);
        creators.decide(caseId, false);
        note("creators: decide");
        creators.settle(t, usualRights(), id + 1);
        note("creators: settle, a compensation, holder's first");
        vm.prank(other);
        creators.transferFrom(other, buyer, id + 1);
        note("creators: transferFrom, receiver's next");
    }

    function parts(Terms memory t, uint256 id, Weight[] memory list) private {
        ITill till = ITill(creators.tillOf(id));
        creators.withdraw(NATIVE, address(till));
        note("creators: withdraw, to a till");
        claimAs(till, t.currency, list, 7);
        note("till: claim of 1,024, to an account that was never used, the till's first");
        vm.deal(list[8].account, 1);
        claimAs(till, t.currency, list, 8);
        note("till: claim of 1,024, to an account in use");
        till.pay(NATIVE);
        note("till: pay, to an account in use");
        vm.deal(relayer, 1 ether);
        vm.prank(relayer);
        (bool ok,) = address(till).call{value: 1 ether}("");
        isTrue(ok, "royalty");
        note("till: a royalty comes");
        claimAs(till, t.currency, list, 8);
        note("till: claim of 1,024, patient's next");
    }

    function claimAs(ITill till, address currency, Weight[] memory list, uint256 i) private {
        till.claim(currency, list[i].account, list[i].weight, list[i].salt, SumTree.proof(list, i));
    }

    function many() private pure returns (Weight[] memory list) {
        list = new Weight[](PATIENTS);
        for (uint256 i = 0; i < PATIENTS; ++i) {
            list[i] = Weight(address(uint160(uint256(keccak256(abi.encode("patient", i))))), 1 + i % 9, keccak256(abi.encode(i)));
        }
    }
}
