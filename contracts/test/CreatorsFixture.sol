// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICreators, Right, Terms} from "../src/ICreators.sol";
import {ITill, Step} from "../src/ITill.sol";
import {Statement} from "../src/IReputation.sol";
import {Creators, Registry, Reputation} from "./Faces.sol";
import {Fixture} from "./Fixture.sol";
import {SumTree, Weight} from "./SumTree.sol";
import {Brake} from "./hostile/Brake.sol";
import {Coin} from "./hostile/Coin.sol";

/// @notice A doctor who issues tokens, two attesters, four patients, and what they sign. Digests are built here from the text
/// of the types, not with the code under test.
abstract contract CreatorsFixture is Fixture {
    uint256 internal constant ATTESTER_KEY = 0xA77E;
    uint256 internal constant SECOND_KEY = 0xA77E + 1;
    uint256 internal constant CAPACITY = 1000;
    uint256 internal constant PLEDGE = 0.5 ether; // of the usual rights together
    uint96 internal constant PRICE = 1 ether + 7;
    address internal constant JURY = address(0x9A7E1);
    address internal constant NATIVE = address(0);

    Registry internal roll;
    Reputation internal reputation;
    Creators internal creators;
    Brake internal stop;
    Coin internal cash;
    address[] internal attesters; // ascending

    function deployCreators() internal {
        uint32[8] memory zero;
        uint32[8] memory one = [uint32(1), 1, 1, 1, 1, 1, 1, 1];
        roll = Registry(deploy("Registry", abi.encode(address(this), zero, zero, one, one)));
        reputation = Reputation(deploy("Reputation", abi.encode(roll, CAPACITY)));
        stop = new Brake();
        cash = new Coin(Coin.Habit.Plain);
        creators = Creators(deploy("Creators", abi.encode(reputation, stop, 1000, 2000)));
        (address a, address b) = (vm.addr(ATTESTER_KEY), vm.addr(SECOND_KEY));
        attesters = a < b ? [a, b] : [b, a];
        roll.setListed(reputation.LIST(), bytes32(uint256(uint160(a))), true);
        roll.setListed(reputation.LIST(), bytes32(uint256(uint160(b))), true);
        vm.deal(relayer, 1e30);
        cash.mint(relayer, 1e30);
        vm.prank(relayer);
        cash.approve(address(creators), type(uint256).max);
    }

    // Reputation.

    function statement(uint256 key, address creator, uint32 weight, uint64 number) internal pure returns (Statement memory) {
        return Statement(vm.addr(key), creator, weight, uint64(START + 2000 days), number);
    }

    function hashOf(Statement memory s) internal view returns (bytes32) {
        bytes32 typeHash = keccak256("Statement(address attester,address creator,uint32 weight,uint64 endsAt,uint64 number)");
        bytes memory fields = abi.encode(typeHash, s.attester, s.creator, s.weight, s.endsAt, s.number);
        return digest(address(reputation), keccak256(fields));
    }

    function attestBy(uint256 key, Statement memory s) internal {
        bytes memory signed = signature(key, hashOf(s));
        vm.prank(relayer);
        reputation.attest(s, signed);
    }

    /// @dev Both attesters together.
    function trust(address creator, uint32 first, uint32 second) internal {
        attestBy(ATTESTER_KEY, statement(ATTESTER_KEY, creator, first, 1));
        attestBy(SECOND_KEY, statement(SECOND_KEY, creator, second, 1));
    }

    // Patients.

    function patients() internal view returns (Weight[] memory list) {
        list = new Weight[](5);
        list[0] = Weight(patient, 3, "salt 0");
        list[1] = Weight(address(0xFEE1), 5, "salt 1");
        list[2] = Weight(address(0xFEE2), 1, "salt 2");
        list[3] = Weight(other, 1, "salt 3");
        list[4] = Weight(address(0xFEE3), 7, "salt 4");
    }

    function claimFor(ITill till, address currency, uint256 i) internal {
        Weight[] memory list = patients();
        till.claim(currency, list[i].account, list[i].weight, list[i].salt, SumTree.proof(list, i));
    }

    // Issues.

    function usualRights() internal pure returns (Right[] memory rights) {
        rights = new Right[](2);
        rights[0] = Right(keccak256("salt: one consultation"), 0.3 ether, true);
        rights[1] = Right(keccak256("salt: use of the model"), 0.2 ether, false);
    }

    function usualIssue() internal view returns (Terms memory) {
        Step memory root = SumTree.root(patients());
        return Terms({
            creator: doctor,
            currency: NATIVE,
            price: PRICE,
            supply: 100,
            patientsBps: 2500,
            patientsTotal: uint64(root.sum),
            saleEndsAt: uint64(START + 30 days),
            until: uint64(START + 365 days),
            honourWithin: 7 days,
            panel: JURY,
            contentCommitment: keccak256("salt: how I treat it"),
            termsHash: keccak256("salt: terms"),
            rightsHash: keccak256(abi.encode(usualRights())),
            patientsRoot: root.hash,
            salt: 1
        });
    }

    function structOf(Terms memory t) internal pure returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Issue(address creator,address currency,uint96 price,uint16 supply,uint16 patientsBps,uint64 patientsTotal,uint64 saleEndsAt,uint64 until,uint32 honourWithin,address panel,bytes32 contentCommitment,bytes32 termsHash,bytes32 rightsHash,bytes32 patientsRoot,uint256 salt)"
        );
        bytes memory a = abi.encode(typeHash, t.creator, t.currency, t.price, t.supply, t.patientsBps, t.patientsTotal);
        bytes memory b = abi.encode(t.saleEndsAt, t.until, t.honourWithin, t.panel, t.contentCommitment, t.termsHash);
        return keccak256(bytes.concat(a, b, abi.encode(t.rightsHash, t.patientsRoot, t.salt)));
    }

    function hashOf(Terms memory t) internal view returns (bytes32) {
        return digest(address(creators), structOf(t));
    }

    function idOf(Terms memory t) internal view returns (uint256) {
        return uint256(hashOf(t)) >> 16 << 16;
    }

    function closeHash(Terms memory t) internal view returns (bytes32) {
        return digest(address(creators), keccak256(abi.encode(keccak256("Close(uint256 issueId)"), idOf(t))));
    }

    function unstakeHash(address currency, uint256 amount, uint256 nonce, uint256 deadline) internal view returns (bytes32) {
        bytes32 typeHash = keccak256("Unstake(address currency,uint256 amount,uint256 nonce,uint256 deadline)");
        return digest(address(creators), keccak256(abi.encode(typeHash, currency, amount, nonce, deadline)));
    }

    function demandHash(uint256 id, uint256 right, uint256 nonce, uint256 deadline) internal view returns (bytes32) {
        bytes32 typeHash = keccak256("Demand(uint256 tokenId,uint256 right,uint256 nonce,uint256 deadline)");
        return digest(address(creators), keccak256(abi.encode(typeHash, id, right, nonce, deadline)));
    }

    function receiptHash(uint256 id, uint256 right, uint256 nonce) internal view returns (bytes32) {
        bytes32 typeHash = keccak256("Receipt(uint256 tokenId,uint256 right,uint256 nonce)");
        return digest(address(creators), keccak256(abi.encode(typeHash, id, right, nonce)));
    }

    function contestHash(bytes32 caseId, bytes32 evidence) internal view returns (bytes32) {
        bytes32 typeHash = keccak256("Contest(bytes32 caseId,bytes32 evidenceHash)");
        return digest(address(creators), keccak256(abi.encode(typeHash, caseId, evidence)));
    }

    function permitHash(address spender, uint256 id, uint256 nonce, uint256 deadline) internal view returns (bytes32) {
        bytes32 typeHash = keccak256("Permit(address spender,uint256 tokenId,uint256 nonce,uint256 deadline)");
        return digest(address(creators), keccak256(abi.encode(typeHash, spender, id, nonce, deadline)));
    }

    function stakeFor(address creator, address currency, uint128 amount) internal {
        vm.prank(relayer);
        creators.stake{value: currency == NATIVE ? amount : 0}(creator, currency, amount);
    }

    function openAs(Terms memory t, uint256 key) internal returns (uint256) {
        bytes memory signed = signature(key, hashOf(t));
        vm.prank(relayer);
        return creators.open(t, usualRights(), attesters, signed);
    }

    /// @dev Stake and reputation are just enough.
    function openIssue() internal returns (uint256) {
        trust(doctor, 150, 50);
        stakeFor(doctor, NATIVE, uint128(100 * PLEDGE));
        return openAs(usualIssue(), DOCTOR_KEY);
    }

    function buyFor(Terms memory t, address holder) internal returns (uint256) {
        vm.prank(relayer);
        return creators.buy{value: t.currency == NATIVE ? t.price : 0}(t, holder);
    }

    function demandAs(Terms memory t, uint256 id, uint256 right) internal {
        // Read, not called: a call would be the one that is wanted to revert.
        vm.prank(address(uint160(uint256(vm.load(address(creators), keccak256(abi.encode(id, 3)))))));
        creators.demand(t, usualRights(), id, right, 0, "");
    }

    function contestAs(Terms memory t, uint256 id) internal returns (bytes32) {
        vm.prank(t.creator);
        return creators.contest(t, id, "evidence", "");
    }
}
