// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {ICreators} from "../src/ICreators.sol";
import {CreatorsStand} from "./CreatorsStand.sol";
import {Receiver} from "./hostile/Receiver.sol";

/// @notice Tokens of an issue as ERC-721, and their permits.
contract CreatorsTokensTest is CreatorsStand {
    function test_ATokenMovesAsERC721() public {
        uint256 id = buyFor(t, other);
        vm.prank(other);
        creators.approve(relayer, id);
        eq(creators.getApproved(id), relayer, "approved");
        vm.expectEmit(true, true, true, true, address(creators));
        emit IERC721.Transfer(other, buyer, id);
        vm.prank(relayer);
        creators.transferFrom(other, buyer, id);
        eq(creators.ownerOf(id), buyer, "owner");
        eq(creators.getApproved(id), address(0), "approval is over");
        eq(creators.balanceOf(other), 0, "from");
        eq(creators.balanceOf(buyer), 1, "to");
        eq(creators.nonces(id), 1, "nonce");
        vm.expectEmit(true, true, true, true, address(creators));
        emit IERC721.ApprovalForAll(buyer, relayer, true);
        vm.prank(buyer);
        creators.setApprovalForAll(relayer, true);
        isTrue(creators.isApprovedForAll(buyer, relayer), "operator");
        vm.expectEmit(true, true, true, true, address(creators));
        emit IERC721.Approval(buyer, doctor, id);
        vm.prank(relayer);
        creators.approve(doctor, id);
        vm.prank(relayer);
        creators.safeTransferFrom(buyer, other, id);
        vm.prank(other);
        creators.safeTransferFrom(other, buyer, id, "");
        eq(creators.ownerOf(id), buyer, "back");
    }

    /// A token moves by its owner, its operator and whom one of them approved; safely only to who answers; and an approval once.
    function testFuzz_OnlyItsOwnersWillMovesAToken(uint8 who, address stranger, uint8 way, bool deaf, bool demanded) public {
        vm.assume(stranger != address(0) && stranger != other && stranger != relayer && stranger != doctor);
        uint256 id = buyFor(t, other);
        address by = who % 4 == 0 ? other : who % 4 == 1 ? relayer : who % 4 == 2 ? doctor : stranger;
        vm.prank(other);
        creators.setApprovalForAll(relayer, true);
        vm.prank(who & 4 == 0 ? other : relayer);
        creators.approve(doctor, id);
        vm.prank(stranger);
        wants(ICreators.NotApproved.selector, id, stranger);
        creators.approve(stranger, id);
        if (demanded) demandAs(t, id, 0); // who buys a token gets what it saw
        address to = deaf ? address(new Receiver()) : address(uint160(uint256(keccak256(abi.encode(stranger)))));
        bool may = who % 4 != 3 && (way % 3 == 0 || !deaf) && !demanded;
        isTrue(moves(by, other, to, id, way % 3) == may, "moved");
        eq(creators.ownerOf(id), may ? to : other, "owner");
        eq(creators.balanceOf(to), may ? 1 : 0, "to");
        eq(creators.getApproved(id), may ? address(0) : doctor, "an approval ends with the transfer");
        if (may) isTrue(!moves(by, to, other, id, 0), "not back");
    }

    function moves(address by, address from, address to, uint256 id, uint256 way) private returns (bool ok) {
        vm.prank(by);
        if (way == 0) {
            try creators.transferFrom(from, to, id) {
                ok = true;
            } catch {}
        } else if (way == 1) {
            try creators.safeTransferFrom(from, to, id) {
                ok = true;
            } catch {}
        } else {
            try creators.safeTransferFrom(from, to, id, "data") {
                ok = true;
            } catch {}
        }
    }

    function test_ATokenMovesByItsOwnersWillOnly() public {
        uint256 id = buyFor(t, other);
        wants(ICreators.NotApproved.selector, id, relayer);
        vm.prank(relayer);
        creators.transferFrom(other, relayer, id);
        wants(ICreators.NotApproved.selector, id, relayer);
        vm.prank(relayer);
        creators.approve(relayer, id);
        wants(ICreators.NotOwner.selector, id, buyer);
        vm.prank(other);
        creators.transferFrom(buyer, buyer, id);
        wants(ICreators.ZeroAddress.selector);
        vm.prank(other);
        creators.transferFrom(other, address(0), id);
        wants(ICreators.ZeroAddress.selector);
        vm.prank(other);
        creators.setApprovalForAll(address(0), true);
        wants(ICreators.ZeroAddress.selector);
        creators.balanceOf(address(0));
        wants(ICreators.NoSuchToken.selector, id + 1);
        creators.transferFrom(other, buyer, id + 1);
        wants(ICreators.NoSuchToken.selector, id + 1);
        creators.getApproved(id + 1);
        wants(ICreators.NoSuchToken.selector, id + 1);
        creators.nonces(id + 1);
        wants(ICreators.NoSuchToken.selector, id + 1);
        creators.tokenURI(id + 1);
        vm.expectRevert();
        vm.prank(other);
        creators.safeTransferFrom(other, address(creators), id);
        vm.expectRevert();
        vm.prank(other);
        creators.safeTransferFrom(other, address(creators), id, "");
    }

    function test_APermitIsCarriedOnce() public {
        uint256 id = buyFor(t, other);
        bytes memory signed = signature(OTHER_KEY, permitHash(relayer, id, 0, START));
        wants(ICreators.BadSignature.selector, other);
        creators.permit(buyer, id, START, signed);
        vm.warp(START + 1);
        wants(ICreators.TooLate.selector, START);
        creators.permit(relayer, id, START, signed);
        vm.warp(START);
        vm.expectEmit(true, true, true, true, address(creators));
        emit IERC721.Approval(other, relayer, id);
        creators.permit(relayer, id, START, signed);
        eq(creators.getApproved(id), relayer, "approved");
        wants(ICreators.BadSignature.selector, other);
        creators.permit(relayer, id, START, signed);
        // A holder signs its own permit also when it calls: a signature is what a permit is.
        wants(ICreators.BadSignature.selector, other);
        vm.prank(other);
        creators.permit(relayer, id, START, "");
        // What was signed before a demand is void after it.
        signed = signature(OTHER_KEY, permitHash(relayer, id, 1, START));
        demandAs(t, id, 0);
        wants(ICreators.DemandOpen.selector, id);
        creators.permit(relayer, id, START, signed);
        vm.prank(other);
        creators.honour(t, usualRights(), id, 0, "");
        wants(ICreators.BadSignature.selector, other);
        creators.permit(relayer, id, START, signed);
    }

    /// A permit would else give the token another nonce, and the case that the panel decides no demand.
    function test_APermitVoidsNoCase() public {
        uint256 id = buyFor(t, other);
        demandAs(t, id, 0);
        bytes memory signed = signature(OTHER_KEY, permitHash(relayer, id, 1, START));
        wants(ICreators.DemandOpen.selector, id);
        creators.permit(relayer, id, START, signed);
        bytes32 caseId = contestAs(t, id);
        wants(ICreators.DemandOpen.selector, id);
        creators.permit(relayer, id, START, signed);
        eq(creators.caseOf(id), caseId, "the same case");
        vm.prank(JURY);
        creators.decide(caseId, true);
        wants(ICreators.DemandOpen.selector, id);
        creators.permit(relayer, id, START, signed);
        creators.settle(t, usualRights(), id);
        eq(creators.owed(NATIVE, other), 0, "the panel's word stands");
        // Then it is good: nothing else has used the nonce.
        creators.permit(relayer, id, START, signed);
        eq(creators.getApproved(id), relayer, "approved");
    }

    function testFuzz_NoPermitWhileADemandIsOpen(uint8 stage, uint256 nonce) public {
        uint256 id = buyFor(t, other);
        demandAs(t, id, 0);
        bytes32 caseId;
        if (stage % 3 != 0) caseId = contestAs(t, id);
        if (stage % 3 == 2) {
            vm.prank(JURY);
            creators.decide(caseId, stage % 2 == 0);
        }
        bytes memory signed = signature(OTHER_KEY, permitHash(relayer, id, nonce, START));
        wants(ICreators.DemandOpen.selector, id);
        creators.permit(relayer, id, START, signed);
        eq(creators.nonces(id), 1, "nonce");
    }
}
