// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IAssets, Share} from "../src/IAssets.sol";
import {Sale} from "../src/IExchange.sol";
import {Stake, StakingTerms} from "../src/IStaking.sol";
import {Staking} from "./Faces.sol";
import {ExchangeFixture} from "./ExchangeFixture.sol";
import {Receiver} from "./hostile/Receiver.sol";
import {Wallet} from "./hostile/Wallet.sol";

contract AssetsPermitTest is ExchangeFixture {
    uint256 private constant DEADLINE = START + 1 hours;
    uint256 private id;

    function setUp() public override {
        super.setUp();
        id = enterUsual();
    }

    function permitDigest(address spender, uint256 tokenId, uint256 nonce, uint256 deadline) private view returns (bytes32) {
        bytes32 typeHash = keccak256("Permit(address spender,uint256 tokenId,uint256 nonce,uint256 deadline)");
        return digest(address(assets), keccak256(abi.encode(typeHash, spender, tokenId, nonce, deadline)));
    }

    function permitBy(uint256 key, uint256 nonce) private view returns (bytes memory) {
        return signature(key, permitDigest(relayer, id, nonce, DEADLINE));
    }

    function carry(bytes memory signed) private {
        vm.prank(relayer);
        assets.permit(relayer, id, DEADLINE, signed);
    }

    function test_AnyoneCarriesAPermit() public {
        bytes memory signed = permitBy(PATIENT_KEY, 0);
        vm.expectEmit(true, true, true, true, address(assets));
        emit IERC721.Approval(patient, relayer, id);
        carry(signed);
        eq(assets.getApproved(id), relayer, "approved");
        eq(assets.nonces(id), 1, "nonce");
        vm.prank(relayer);
        assets.transferFrom(patient, other, id);
        eq(assets.ownerOf(id), other, "owner");
        eq(assets.nonces(id), 2, "a transfer counts");
    }

    function test_APermitIsGoodOnce() public {
        bytes memory signed = permitBy(PATIENT_KEY, 0);
        carry(signed);
        vm.prank(patient);
        assets.approve(address(0), id);
        wants(IAssets.BadSignature.selector, patient);
        carry(signed);
        carry(permitBy(PATIENT_KEY, 1));
    }

    function test_APermitDiesWithATransferAlsoIfTheTokenComesBack() public {
        bytes memory signed = permitBy(PATIENT_KEY, 0);
        vm.prank(patient);
        assets.transferFrom(patient, other, id);
        wants(IAssets.BadSignature.selector, other);
        carry(signed);
        vm.prank(other);
        assets.transferFrom(other, patient, id);
        wants(IAssets.BadSignature.selector, patient);
        carry(signed);
        eq(assets.nonces(id), 2, "nonce");
        carry(permitBy(PATIENT_KEY, 2));
    }

    function test_AnOldOwnerPermitsNothing() public {
        vm.prank(patient);
        assets.transferFrom(patient, other, id);
        bytes memory signed = permitBy(PATIENT_KEY, 1);
        wants(IAssets.BadSignature.selector, other);
        carry(signed);
        carry(permitBy(OTHER_KEY, 1));
    }

    function test_AnApprovedOneCannotSignForTheOwner() public {
        vm.prank(patient);
        assets.setApprovalForAll(other, true);
        bytes memory signed = permitBy(OTHER_KEY, 0);
        wants(IAssets.BadSignature.selector, patient);
        carry(signed);
    }

    function test_ZeroTakesAnApprovalBack() public {
        carry(permitBy(PATIENT_KEY, 0));
        assets.permit(address(0), id, DEADLINE, signature(PATIENT_KEY, permitDigest(address(0), id, 1, DEADLINE)));
        eq(assets.getApproved(id), address(0), "approved");
    }

    function test_WhatDoesNotExistIsNotPermitted() public {
        bytes memory signed = signature(PATIENT_KEY, permitDigest(relayer, 1, 0, DEADLINE));
        wants(IAssets.NoSuchToken.selector, 1);
        assets.permit(relayer, 1, DEADLINE, signed);
        wants(IAssets.NoSuchToken.selector, 1);
        assets.nonces(1);
    }

    function testFuzz_APermitEnds(uint32 late) public {
        bytes memory signed = permitBy(PATIENT_KEY, 0);
        vm.warp(DEADLINE + late);
        if (late != 0) wants(IAssets.Expired.selector, DEADLINE);
        carry(signed);
    }

    function testFuzz_ASignatureForAnythingElseIsWorthNothing(uint8 field, uint96 by) public {
        uint256 x = uint256(by) + 1;
        uint256 second = tokenFor(2);
        bytes32 toSign = permitDigest(
            field % 4 == 0 ? address(uint160(relayer) ^ uint160(x)) : relayer,
            field % 4 == 1 ? second : id,
            field % 4 == 2 ? x : 0,
            field % 4 == 3 ? DEADLINE + x : DEADLINE
        );
        bytes memory signed = signature(PATIENT_KEY, toSign);
        wants(IAssets.BadSignature.selector, patient);
        carry(signed);
    }

    function test_APermitBindsContractAndChain() public {
        bytes memory signed = permitBy(PATIENT_KEY, 0);
        eq(assets.DOMAIN_SEPARATOR(), assets.domainSeparator(), "domain");
        vm.chainId(4242);
        wants(IAssets.BadSignature.selector, patient);
        carry(signed);
    }

    function test_ContractsSignPermitsToo() public {
        Receiver wallet = new Receiver();
        vm.prank(patient);
        assets.transferFrom(patient, address(wallet), id);
        carry("");
        eq(assets.getApproved(id), relayer, "approved");
        Wallet liar = new Wallet();
        vm.prank(relayer);
        assets.transferFrom(address(wallet), address(liar), id);
        for (uint256 mood = 0; mood <= uint256(Wallet.Mood.AnswersNothing); ++mood) {
            liar.be(Wallet.Mood(mood));
            wants(IAssets.BadSignature.selector, address(liar));
            carry("");
        }
        liar.be(Wallet.Mood.Honest);
        carry("");
        eq(assets.nonces(id), 4, "two transfers and two permits");
    }

    function test_OwnerAndNonceShareASlot() public {
        carry(permitBy(PATIENT_KEY, 0));
        uint256 slot = uint256(vm.load(address(assets), keccak256(abi.encode(id, 0))));
        eq(slot, uint256(uint160(patient)) | uint256(1) << 160, "slot");
        isTrue(assets.supportsInterface(0x5604e225), "ERC-4494");
    }

    // What it is for.

    function test_APersonWithoutCoinSellsAnAsset() public {
        openExchange();
        eq(patient.balance, 0, "no coin");
        Sale memory s = usualSale();
        bytes memory permitted = signature(PATIENT_KEY, permitDigest(address(exchange), id, 0, DEADLINE));
        bytes memory sold = signature(PATIENT_KEY, hashOf(s));
        // The buyer carries both signatures, and pays the gas of both.
        vm.prank(buyer);
        assets.permit(address(exchange), id, DEADLINE, permitted);
        vm.prank(buyer);
        exchange.buy{value: s.price}(s, sold, buyer, usualOrigin());
        eq(assets.ownerOf(id), buyer, "the buyer has it");
        eq(assets.getApproved(id), address(0), "and nobody may move it");
        eq(vm.getNonce(patient), 0, "the seller sent nothing");
        // Nor could a permit of before the sale be used after it.
        wants(IAssets.BadSignature.selector, buyer);
        assets.permit(address(exchange), id, DEADLINE, permitted);
    }

    function test_APersonWithoutCoinStakesAnAsset() public {
        Staking staking = Staking(deploy("Staking", abi.encode(address(0))));
        vm.prank(doctor);
        bytes32 pool = staking.open(StakingTerms(address(0), address(assets), 7 days, 30 days, 100, 0));
        Stake memory agreed = Stake(pool, patient, id, 5, uint64(DEADLINE), 0);
        bytes32 toSign = staking.hashStake(agreed);
        bytes memory permitted = signature(PATIENT_KEY, permitDigest(address(staking), id, 0, DEADLINE));
        assets.permit(address(staking), id, DEADLINE, permitted);
        staking.stake(agreed, signature(DOCTOR_KEY, toSign), signature(PATIENT_KEY, toSign));
        eq(assets.ownerOf(id), address(staking), "staked");
        eq(vm.getNonce(patient), 0, "the staker sent nothing");
    }

    function tokenFor(uint256 n) private returns (uint256) {
        bytes32 content = keccak256(abi.encode(n));
        vm.prank(patient);
        return assets.enterAsCreator(content, 0);
    }
}
