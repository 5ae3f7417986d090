// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICreators, Issue, IssueState, Right, Terms} from "../src/ICreators.sol";
import {ILedger} from "../src/ILedger.sol";
import {IPause} from "../src/IPause.sol";
import {ITill} from "../src/ITill.sol";
import {CreatorsStand} from "./CreatorsStand.sol";
import {Creators} from "./Faces.sol";

/// @notice An issue: its story, its terms, and who opens it.
contract CreatorsTest is CreatorsStand {
    function wantsPaused() private {
        stop.pull(uint64(block.timestamp + 1));
        wants(IPause.Paused.selector, block.timestamp + 1);
    }

    // The story.

    function test_TheDoctorsHundredTokens() public {
        eq(doctor.balance, 0, "the doctor has no coin, and never sends anything");
        uint256 first = buyFor(t, buyer);
        for (uint256 i = 1; i < 100; ++i) {
            buyFor(t, other);
        }
        wants(ICreators.SoldOut.selector, issueId);
        buyFor(t, other);
        eq(creators.balanceOf(other) + creators.balanceOf(buyer), 100, "a hundred, and no more");

        // One consultation happened: the holder's receipt.
        uint256 second = first + 1;
        creators.honour(t, usualRights(), second, 0, signature(OTHER_KEY, receiptHash(second, 0, 0)));
        eq(creators.freeStake(doctor, NATIVE), 0.3 ether, "its stake is free");
        isTrue(!creators.holds(t, second, 0, other) && creators.holds(t, second, 1, other), "used up, the model is not");

        // Another did not: out of the doctor's stake.
        uint256 third = first + 2;
        bytes memory demanded = signature(OTHER_KEY, demandHash(third, 0, 0, START));
        creators.demand(t, usualRights(), third, 0, START, demanded);
        vm.warp(START + 7 days + 1);
        creators.settle(t, usualRights(), third);
        eq(creators.owed(NATIVE, other), 0.3 ether, "compensated");
        eq(creators.issue(issueId).bonded, 100 * PLEDGE - 0.6 ether, "of this issue's stake");

        // What patients made possible is theirs by a quarter.
        ITill till = ITill(creators.tillOf(issueId));
        creators.withdraw(NATIVE, address(till));
        uint256 sales = 100 * uint256(PRICE);
        uint256 forPatients = sales - sales * 7500 / 10_000;
        claimFor(till, NATIVE, 0);
        eq(patient.balance, forPatients * 3 / 17, "by weight");
        till.pay(NATIVE);
        eq(doctor.balance, sales - forPatients, "the rest is the doctor's");

        // A resale: 10 % to the till, a quarter of it to patients.
        (address receiver, uint256 royalty) = creators.royaltyInfo(first, 10 ether);
        eq(receiver, address(till), "receiver");
        eq(royalty, 1 ether, "royalty");
        vm.deal(address(this), royalty);
        (bool ok,) = receiver.call{value: royalty}("");
        isTrue(ok, "paid");
        claimFor(till, NATIVE, 0);
        eq(patient.balance, (forPatients + 0.25 ether) * 3 / 17, "patients share in the growth");

        vm.warp(t.until + 1);
        creators.end(t);
        uint256 left = 100 * PLEDGE - 0.3 ether;
        eq(creators.freeStake(doctor, NATIVE), left, "all stake but what was forfeited");
        uint256 lastAt = block.timestamp;
        creators.unstake(doctor, NATIVE, left, lastAt, signature(DOCTOR_KEY, unstakeHash(NATIVE, left, 0, lastAt)));
        creators.withdraw(NATIVE, doctor);
        eq(doctor.balance, sales - forPatients + left, "and it is back");
        eq(creators.promisesOf(doctor), 0, "no promise is out");
        eq(vm.getNonce(doctor) + vm.getNonce(patient) + vm.getNonce(other), 0, "all was carried");
    }

    // Open.

    function test_AnIssueIsWhatItsTermsSay() public {
        t.salt = 2;
        t.supply = 1;
        uint256 id = idOf(t);
        stakeFor(doctor, NATIVE, uint128(PLEDGE));
        trustMore(2);
        vm.expectEmit(true, true, true, false, address(creators));
        emit ICreators.Opened(id, doctor, address(0), t, usualRights());
        eq(openAs(t, DOCTOR_KEY), id, "ID");
        eq(creators.issueOf(t), id, "issueOf");
        eq(creators.hashIssue(t), hashOf(t), "digest");
        Issue memory it = creators.issue(id);
        eq(uint256(it.state), uint256(IssueState.Open), "state");
        eq(it.rights, 2, "rights");
        eq(uint256(it.sold) + it.demands, 0, "nothing yet");
        eq(it.bonded, PLEDGE, "bonded");
        eq(creators.freeStake(doctor, NATIVE), 0, "bound");
        (address creator, uint256 bps, uint256 total, bytes32 root) = ITill(creators.tillOf(id)).shares();
        eq(creator, doctor, "creator");
        eq(bps, 2500, "bps");
        eq(total, 17, "total");
        eq(root, t.patientsRoot, "root");
    }

    function test_AnIssueOpensOnce() public {
        wants(ICreators.AlreadyOpened.selector, issueId);
        openAs(t, DOCTOR_KEY);
        vm.warp(t.until + 1);
        creators.end(t);
        wants(ICreators.AlreadyOpened.selector, issueId);
        openAs(t, DOCTOR_KEY);
    }

    function test_OnlyItsCreatorOpens() public {
        t.salt = 2;
        wants(ICreators.BadSignature.selector, doctor);
        openAs(t, OTHER_KEY);
        stakeFor(doctor, NATIVE, uint128(100 * PLEDGE));
        trustMore(200);
        vm.prank(doctor);
        creators.open(t, usualRights(), attesters, "");
    }

    function test_APauseStopsOpeningAndSellingOnly() public {
        uint256 id = buyFor(t, other);
        buyFor(t, other);
        wantsPaused();
        openAs(t, DOCTOR_KEY);
        wantsPaused();
        buyFor(t, other);
        stakeFor(doctor, NATIVE, 1);
        vm.prank(doctor);
        creators.unstake(doctor, NATIVE, 1, 0, "");
        demandAs(t, id, 0);
        contestAs(t, id);
        bytes32 caseId = creators.caseOf(id);
        vm.prank(JURY);
        creators.decide(caseId, false);
        creators.settle(t, usualRights(), id);
        vm.prank(other);
        creators.transferFrom(other, buyer, id);
        vm.prank(doctor);
        creators.close(t, usualRights(), "");
        creators.withdraw(NATIVE, other);
        vm.warp(t.until + 1);
        stop.pull(uint64(block.timestamp + 1));
        creators.end(t);
    }

    function test_WithoutAPauseNothingIsAsked() public {
        creators = Creators(deploy("Creators", abi.encode(reputation, address(0), 1000, 2000)));
        stakeFor(doctor, NATIVE, uint128(100 * PLEDGE));
        openAs(t, DOCTOR_KEY);
        buyFor(t, other);
    }

    function test_ThereIsAFloorForPatients() public {
        vm.expectRevert();
        this.deployWith(0);
        vm.expectRevert();
        this.deployWith(10_001);
        this.deployWith(1);
        this.deployWith(10_000);
    }

    function deployWith(uint256 floorBps) external {
        deploy("Creators", abi.encode(reputation, stop, floorBps, 2000));
    }

    function test_SupplyIsBoundByReputation() public {
        t.salt = 2;
        t.supply = 1;
        stakeFor(doctor, NATIVE, uint128(PLEDGE));
        vm.expectRevert(abi.encodeWithSelector(ICreators.OverReputation.selector, 202, 200));
        openAs(t, DOCTOR_KEY);
        trustMore(1);
        vm.expectRevert(abi.encodeWithSelector(ICreators.OverReputation.selector, 202, 201));
        openAs(t, DOCTOR_KEY);
        attestBy(SECOND_KEY, statement(SECOND_KEY, doctor, 52, 3));
        openAs(t, DOCTOR_KEY);
        eq(creators.promisesOf(doctor), 202, "promises");
    }

    function test_SupplyIsBoundByStake() public {
        t.salt = 2;
        t.supply = 2;
        trustMore(1000 - 200);
        stakeFor(doctor, NATIVE, uint128(2 * PLEDGE - 1));
        stakeFor(other, NATIVE, uint128(2 * PLEDGE));
        vm.expectRevert(abi.encodeWithSelector(ICreators.OverStake.selector, 2 * PLEDGE, 2 * PLEDGE - 1));
        openAs(t, DOCTOR_KEY);
        stakeFor(doctor, NATIVE, 1);
        openAs(t, DOCTOR_KEY);
    }

    function test_BoundsOfTermsAreIn() public {
        trustMore(900);
        stakeFor(doctor, NATIVE, uint128(600 * PLEDGE));
        t.supply = 1;
        t.patientsBps = 1000;
        t.honourWithin = 1 hours;
        t.saleEndsAt = uint64(block.timestamp);
        t.until = uint64(block.timestamp);
        t.price = 2.5 ether; // of which the bond is just 20 %
        openAs(t, DOCTOR_KEY);
        t.patientsBps = 10_000;
        t.honourWithin = 90 days;
        t.until = uint64(block.timestamp + 1827 days);
        openAs(t, DOCTOR_KEY);
        eq(creators.MIN_WINDOW(), 1 hours, "MIN_WINDOW");
        eq(creators.MAX_WINDOW(), 90 days, "MAX_WINDOW");
        eq(creators.MAX_TIME(), 1827 days, "MAX_TIME");
        eq(creators.MAX_RIGHTS(), 16, "MAX_RIGHTS");
        eq(creators.PANEL_SECONDS(), 30 days, "PANEL_SECONDS");
        eq(creators.PATIENTS_FLOOR_BPS(), 1000, "PATIENTS_FLOOR_BPS");
        eq(creators.BOND_FLOOR_BPS(), 2000, "BOND_FLOOR_BPS");
    }

    function test_EachTermHasItsBounds() public {
        Terms memory good = t;
        good.salt = 2;
        for (uint256 i = 0; i < 11; ++i) {
            Terms memory bad = abi.decode(abi.encode(good), (Terms));
            if (i == 0) bad.supply = 0;
            if (i == 1) bad.patientsBps = 999;
            if (i == 2) bad.patientsBps = 10_001;
            if (i == 3) bad.patientsTotal = 0;
            if (i == 4) bad.patientsRoot = 0;
            if (i == 5) bad.saleEndsAt = uint64(block.timestamp - 1);
            if (i == 6) bad.until = bad.saleEndsAt - 1;
            if (i == 7) bad.until = uint64(block.timestamp + 1827 days + 1);
            if (i == 8) bad.honourWithin = 1 hours - 1;
            if (i == 9) bad.honourWithin = 90 days + 1;
            if (i == 10) bad.price = 2.5 ether + 1;
            wants(ICreators.BadTerms.selector);
            openAs(bad, DOCTOR_KEY);
        }
    }

    function test_RightsAreOneToSixteen() public {
        stakeFor(doctor, NATIVE, uint128(1600 * PLEDGE));
        trustMore(900);
        for (uint256 n = 0; n <= 17; n += n == 1 ? 15 : 1) {
            Right[] memory rights = new Right[](n);
            for (uint256 i = 0; i < n; ++i) {
                rights[i] = Right(bytes32(i), 0.5 ether, false);
            }
            (t.salt, t.supply, t.rightsHash) = (n + 2, 1, keccak256(abi.encode(rights)));
            bytes memory signed = signature(DOCTOR_KEY, hashOf(t));
            if (n == 0 || n == 17) wants(ICreators.BadRights.selector);
            creators.open(t, rights, attesters, signed);
        }
        wants(ICreators.BadRights.selector);
        openAs(t, DOCTOR_KEY); // the usual rights are others
    }

    function test_TheLastOfSixteenRightsIsItsOwn() public {
        stakeFor(doctor, NATIVE, uint128(PLEDGE * 16));
        trustMore(100);
        Right[] memory rights = new Right[](16);
        for (uint256 i = 0; i < 16; ++i) {
            rights[i] = Right(bytes32(i), 0.5 ether, true);
        }
        (t.salt, t.supply, t.rightsHash) = (2, 1, keccak256(abi.encode(rights)));
        vm.prank(doctor);
        creators.open(t, rights, attesters, "");
        uint256 id = buyFor(t, other);
        vm.prank(other);
        creators.honour(t, rights, id, 15, "");
        eq(creators.token(id).spent, 1 << 15, "spent");
        wants(ICreators.Spent.selector, id, address(15));
        vm.prank(other);
        creators.honour(t, rights, id, 15, "");
        wants(ICreators.Spent.selector, id, address(16));
        vm.prank(other);
        creators.demand(t, rights, id, 16, 0, "");
        isTrue(!creators.holds(t, id, 16, other) && !creators.holds(t, id, 15, other), "no such right");
        isTrue(creators.holds(t, id, 14, other), "the rest");
    }

    function testFuzz_ASignatureForAnyOtherIssueIsWorthNothing(uint8 field, uint16 by) public {
        bytes memory signed = signature(DOCTOR_KEY, hashOf(t));
        uint16 x = by % 100 + 1;
        if (field % 7 == 0) t.price += x;
        if (field % 7 == 1) t.supply += x;
        if (field % 7 == 2) t.patientsBps -= x;
        if (field % 7 == 3) t.until += x;
        if (field % 7 == 4) t.panel = address(uint160(x));
        if (field % 7 == 5) t.salt += x;
        if (field % 7 == 6) t.contentCommitment = bytes32(uint256(x));
        wants(ICreators.BadSignature.selector, doctor);
        creators.open(t, usualRights(), attesters, signed);
    }

    function test_SignaturesBindContractAndChain() public {
        bytes memory signed = signature(DOCTOR_KEY, hashOf(t));
        Creators twin = Creators(deploy("Creators", abi.encode(reputation, stop, 1000, 2000)));
        wants(ICreators.BadSignature.selector, doctor);
        twin.open(t, usualRights(), attesters, signed);
        eq(creators.DOMAIN_SEPARATOR(), creators.domainSeparator(), "domain");
        vm.chainId(4242);
        wants(ICreators.BadSignature.selector, doctor);
        creators.open(t, usualRights(), attesters, signed);
    }

    function test_AFieldThatDoesNotFitIsNoIssue() public {
        bytes memory data = abi.encodeCall(ICreators.buy, (t, other));
        data[4 + 32 * 3] = 0x01; // above the supply's 16 bits
        vm.prank(relayer);
        (bool ok,) = address(creators).call{value: t.price}(data);
        isTrue(!ok, "refused");
    }

    // The contract itself.

    function test_ItSaysWhatItIs() public {
        uint256 id = buyFor(t, other);
        eq(keccak256(bytes(creators.name())), keccak256("SINSO creators"), "name");
        eq(keccak256(bytes(creators.symbol())), keccak256("SINSO-C"), "symbol");
        isTrue(bytes(creators.tokenURI(id)).length > 100, "URI");
        isTrue(creators.supportsInterface(0x01ffc9a7) && creators.supportsInterface(0x80ac58cd), "ERC-165, ERC-721");
        isTrue(creators.supportsInterface(0x5b5e139f) && creators.supportsInterface(0x2a55205a), "metadata, ERC-2981");
        isTrue(creators.supportsInterface(0x5604e225) && !creators.supportsInterface(0xffffffff), "ERC-4494");
    }

    function test_SlotsAreAsTheyWere() public {
        uint256 id = buyFor(t, other);
        demandAs(t, id, 1);
        uint256 slot = uint256(vm.load(address(creators), keccak256(abi.encode(issueId, 1))));
        eq(slot, 1 | 2 << 8 | 1 << 16 | 1 << 32 | 100 * PLEDGE << 48, "state, rights, sold, demands, bonded");
        slot = uint256(vm.load(address(creators), keccak256(abi.encode(id, 3))));
        uint256 want = uint256(uint160(other)) | 1 << 160 | 1 << 200 | 1 << 208 | (START + 7 days) << 216;
        eq(slot, want, "owner, nonce, spent, right, demand, dueAt");
    }

    function test_OnlyALedgersPayeeIsPaid() public {
        vm.expectRevert(abi.encodeWithSelector(ILedger.NothingOwed.selector, NATIVE, doctor));
        creators.withdraw(NATIVE, doctor);
        vm.prank(relayer);
        (bool ok,) = address(creators).call{value: 1}("");
        isTrue(!ok, "no coin but with a call");
    }
}
