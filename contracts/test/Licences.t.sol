// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";
import {IERC5192} from "../src/IERC5192.sol";
import {Delivery, IExchange, Offer, Purchase, TradeState} from "../src/IExchange.sol";
import {ILicences} from "../src/ILicences.sol";
import {IRoyalties} from "../src/IRoyalties.sol";
import {ExchangeFixture} from "./ExchangeFixture.sol";
import {Receiver} from "./hostile/Receiver.sol";

contract LicencesTest is ExchangeFixture, IERC721Receiver {
    uint256 private asset;
    uint256 private free; // a licence of `other` that can pass on
    uint256 private bound; // one of `buyer` that cannot
    bytes private received;

    function setUp() public override {
        super.setUp();
        openExchange();
        asset = enterUsual();
        bound = uint256(trade(usualOffer()));
        Offer memory o = usualOffer();
        o.transferable = true;
        free = uint256(fillAs(other, o, PATIENT_KEY));
        deliverHere(bytes32(free), CEK);
        releaseAs(other, o, other);
    }

    function test_AGrantSaysWhatIsAllowed() public {
        Offer memory o = usualOffer();
        (o.salt, o.term) = (2, 1 days);
        bytes32 tradeId = fillUsual(o);
        deliverHere(tradeId, CEK);
        vm.expectEmit(true, true, true, true, address(licences));
        emit IERC721.Transfer(address(0), buyer, uint256(tradeId));
        vm.expectEmit(true, true, true, true, address(licences));
        emit IERC5192.Locked(uint256(tradeId));
        releaseAs(buyer, o, buyer);
        eq(licences.balanceOf(buyer), 2, "balance");
        eq(licences.exchange(), address(exchange), "exchange");
        eq(licences.untilOf(uint256(tradeId)), START + 1 days, "until");
    }

    function test_OnlyTheExchangeGrants() public {
        wants(ILicences.NotExchange.selector, address(this));
        licences.mint(buyer, 1, asset);
    }

    function test_ALicenceComesOfAReleaseAloneAndOnce() public {
        Offer memory o = usualOffer();
        (o.salt, o.transferable) = (3, true);
        Purchase memory p = purchaseOf(o, buyer);
        uint256 id = uint256(fillUsual(o));
        isNone(id);
        Delivery memory d = deliverHere(bytes32(id), keccak256("another key"));
        isNone(id);
        vm.prank(buyer);
        exchange.proveWrongKey(o, p, d, CID, BUYER_SECRET);
        isNone(id);
        vm.prank(buyer);
        vm.expectRevert(abi.encodeWithSelector(IExchange.WrongState.selector, id, TradeState.Refunded));
        exchange.release(o, p, CONTENT, usualSplit());
        p = purchaseOf(o, other);
        o.salt = 1;
        vm.prank(other);
        vm.expectRevert(abi.encodeWithSelector(IExchange.WrongState.selector, free, TradeState.Released));
        exchange.release(o, p, CONTENT, usualSplit());
        eq(licences.balanceOf(buyer), 1, "the one that is bound");
    }

    /// Whoever it was passed on to, and back, it is the one licence of its trade, with the term that it was sold with.
    function test_WhatWasPassedOnKeepsItsTermAndComesBack() public {
        Offer memory o = usualOffer();
        (o.salt, o.transferable, o.term) = (3, true, 1 days);
        uint256 id = uint256(trade(o));
        vm.prank(buyer);
        licences.transferFrom(buyer, relayer, id);
        eq(licences.untilOf(id), START + 1 days, "until");
        isTrue(licences.allows(id, relayer) && !licences.allows(id, buyer), "whose it is");
        vm.prank(buyer);
        wants(ILicences.NotOwner.selector, id, buyer);
        licences.transferFrom(buyer, other, id);
        vm.prank(relayer);
        licences.transferFrom(relayer, buyer, id);
        isTrue(licences.allows(id, buyer) && !licences.allows(id, relayer), "back");
        eq(licences.balanceOf(buyer), 2, "balance");
        eq(licences.balanceOf(relayer), 0, "balance of who had it");
        vm.warp(START + 1 days + 1);
        isTrue(!licences.allows(id, buyer), "over");
        eq(licences.ownerOf(id), buyer, "it stays as a record");
        eq(vm.load(address(licences), keccak256(abi.encode(bound, uint256(0)))), 0, "no slot of its own until it moves");
        eq(vm.load(address(licences), keccak256(abi.encode(id, uint256(0)))), bytes32(uint256(uint160(buyer))), "the slot");
    }

    function isNone(uint256 id) private {
        isTrue(!licences.allows(id, buyer) && !licences.allows(id, address(0)), "nobody may");
        wants(ILicences.NoSuchLicence.selector, id);
        licences.ownerOf(id);
        wants(ILicences.NoSuchLicence.selector, id);
        licences.untilOf(id);
        vm.prank(buyer);
        wants(ILicences.NoSuchLicence.selector, id);
        licences.transferFrom(buyer, other, id);
        (address receiver,) = licences.royaltyInfo(id, 1000);
        eq(receiver, address(0), "no royalty");
    }

    function test_WhoMayUseTheAsset() public {
        isTrue(licences.allows(bound, buyer), "its owner");
        isTrue(!licences.allows(bound, other), "not another");
        isTrue(!licences.allows(1, address(0)), "nobody by none");
        vm.prank(other);
        licences.transferFrom(other, relayer, free);
        isTrue(licences.allows(free, relayer) && !licences.allows(free, other), "the new owner");
    }

    function test_ABoundLicenceStays() public {
        isTrue(licences.locked(bound), "locked");
        vm.prank(buyer);
        wants(ILicences.NotTransferable.selector, bound);
        licences.transferFrom(buyer, other, bound);
        vm.prank(address(exchange));
        wants(ILicences.NotTransferable.selector, bound);
        licences.transferFrom(buyer, other, bound);
        (address receiver, uint256 amount) = licences.royaltyInfo(bound, 1000);
        eq(receiver, address(0), "receiver");
        eq(amount, 0, "royalty");
        eq(licences.assetOf(bound), 0, "asset");
    }

    function test_AFreeLicencePassesOn() public {
        isTrue(!licences.locked(free), "not locked");
        eq(licences.assetOf(free), asset, "asset");
        vm.expectEmit(true, true, true, true, address(licences));
        emit IERC721.Transfer(other, relayer, free);
        vm.prank(other);
        licences.transferFrom(other, relayer, free);
        eq(licences.ownerOf(free), relayer, "owner");
        eq(licences.balanceOf(other), 0, "from");
        eq(licences.balanceOf(relayer), 1, "to");
        (address receiver, uint256 amount) = licences.royaltyInfo(free, 1009);
        eq(receiver, IRoyalties(assets.royalties()).receiverOf(asset), "receiver");
        eq(amount, 100, "royalty");
    }

    function test_WhoMayMoveIt() public {
        wants(ILicences.NotApproved.selector, free, address(this));
        licences.transferFrom(other, address(this), free);
        vm.prank(other);
        wants(ILicences.ZeroAddress.selector);
        licences.transferFrom(other, address(0), free);
        vm.prank(other);
        wants(ILicences.NotOwner.selector, free, buyer);
        licences.transferFrom(buyer, other, free);
        wants(ILicences.NotApproved.selector, free, address(this));
        licences.approve(address(this), free);
        vm.prank(other);
        licences.approve(doctor, free);
        eq(licences.getApproved(free), doctor, "approved");
        vm.prank(doctor);
        licences.transferFrom(other, buyer, free);
        eq(licences.getApproved(free), address(0), "once");
        vm.expectEmit(true, true, true, true, address(licences));
        emit IERC721.ApprovalForAll(buyer, relayer, true);
        vm.prank(buyer);
        licences.setApprovalForAll(relayer, true);
        isTrue(licences.isApprovedForAll(buyer, relayer), "operator");
        vm.expectEmit(true, true, true, true, address(licences));
        emit IERC721.Approval(buyer, doctor, free);
        vm.prank(relayer);
        licences.approve(doctor, free);
        vm.prank(relayer);
        licences.transferFrom(buyer, other, free);
        eq(licences.ownerOf(free), other, "back");
        wants(ILicences.ZeroAddress.selector);
        licences.setApprovalForAll(address(0), true);
    }

    function test_ASafeTransferAsksTheReceiver() public {
        vm.prank(other);
        licences.safeTransferFrom(other, address(this), free, "hello");
        eq(keccak256(received), keccak256("hello"), "data");
        licences.safeTransferFrom(address(this), other, free);
        address deaf = address(new Receiver());
        vm.prank(other);
        vm.expectRevert();
        licences.safeTransferFrom(other, deaf, free);
        vm.prank(other);
        vm.expectRevert();
        licences.safeTransferFrom(other, deaf, free, "");
    }

    function onERC721Received(address, address, uint256, bytes calldata data) external returns (bytes4) {
        received = data;
        return IERC721Receiver.onERC721Received.selector;
    }

    function test_WhatDoesNotExistSaysSo() public {
        bytes memory none = abi.encodeWithSelector(ILicences.NoSuchLicence.selector, 1);
        vm.expectRevert(none);
        licences.ownerOf(1);
        vm.expectRevert(none);
        licences.getApproved(1);
        vm.expectRevert(none);
        licences.tokenURI(1);
        vm.expectRevert(none);
        licences.locked(1);
        vm.expectRevert(none);
        licences.untilOf(1);
        vm.expectRevert(none);
        licences.assetOf(1);
        vm.expectRevert(none);
        licences.approve(buyer, 1);
        vm.expectRevert(none);
        licences.transferFrom(buyer, other, 1);
        wants(ILicences.ZeroAddress.selector);
        licences.balanceOf(address(0));
    }

    function test_ItsFaces() public view {
        isTrue(licences.supportsInterface(type(IERC165).interfaceId), "165");
        isTrue(licences.supportsInterface(type(IERC721).interfaceId), "721");
        isTrue(licences.supportsInterface(type(IERC721Metadata).interfaceId), "metadata");
        isTrue(licences.supportsInterface(type(IERC2981).interfaceId), "2981");
        isTrue(licences.supportsInterface(0xb45a3c0e), "5192");
        isTrue(!licences.supportsInterface(0xffffffff), "none");
        eq(keccak256(bytes(licences.name())), keccak256("SINSO licences"), "name");
        eq(keccak256(bytes(licences.symbol())), keccak256("SINSO-L"), "symbol");
        isTrue(bytes(licences.tokenURI(free)).length > 100, "metadata");
    }

    function testFuzz_OnlyAnOwnersWillMovesIt(address who, address to) public {
        vm.assume(who != address(0) && who != other && who != address(exchange) && to != address(0));
        vm.prank(who);
        wants(ILicences.NotApproved.selector, free, who);
        licences.transferFrom(other, to, free);
        vm.prank(other);
        licences.transferFrom(other, to, free);
        eq(licences.ownerOf(free), to, "owner");
    }

    function testFuzz_NobodyElseGrants(address who, uint256 id, uint256 resold) public {
        vm.assume(who != address(exchange));
        vm.prank(who);
        wants(ILicences.NotExchange.selector, who);
        licences.mint(who, id, resold);
    }

    /// A licence allows its owner of the moment, to its last second, until it is revoked; and nobody else.
    function testFuzz_ALicenceAllowsItsOwnerInItsTimeUnlessRevoked(
        uint24 term,
        uint24 passed,
        bool revoked,
        bool moved,
        address who
    ) public {
        vm.assume(who != buyer && who != relayer);
        uint256 took = around(term, passed, 1 << 24);
        Offer memory o = usualOffer();
        (o.salt, o.term, o.transferable) = (2, term, true);
        bytes32 tradeId = trade(o);
        if (moved) {
            vm.prank(buyer);
            licences.transferFrom(buyer, relayer, uint256(tradeId));
        }
        if (revoked) exchange.revoke(o, purchaseOf(o, buyer), signature(PATIENT_KEY, revokeHash(tradeId)));
        vm.warp(START + took);
        bool allowed = !revoked && (term == 0 || took <= term);
        isTrue(licences.allows(uint256(tradeId), buyer) == (allowed && !moved), "who bought it");
        isTrue(licences.allows(uint256(tradeId), relayer) == (allowed && moved), "who has it now");
        isTrue(!licences.allows(uint256(tradeId), who), "anyone else");
        isTrue(licences.allows(bound, buyer), "by another licence");
    }

    /// A token moves by its owner, its operator and whom one of them approved; safely only to who answers; and an approval once.
    function testFuzz_OnlyItsOwnersWillMovesAToken(uint8 who, address stranger, uint8 way, bool deaf) public {
        vm.assume(stranger != address(0) && stranger != other && stranger != relayer && stranger != doctor);
        uint256 id = free;
        address by = who % 4 == 0 ? other : who % 4 == 1 ? relayer : who % 4 == 2 ? doctor : stranger;
        vm.prank(other);
        licences.setApprovalForAll(relayer, true);
        vm.prank(who & 4 == 0 ? other : relayer);
        licences.approve(doctor, id);
        vm.prank(stranger);
        wants(ILicences.NotApproved.selector, id, stranger);
        licences.approve(stranger, id);
        address to = deaf ? address(new Receiver()) : address(uint160(uint256(keccak256(abi.encode(stranger)))));
        bool may = who % 4 != 3 && (way % 3 == 0 || !deaf);
        isTrue(moves(by, other, to, id, way % 3) == may, "moved");
        eq(licences.ownerOf(id), may ? to : other, "owner");
        eq(licences.balanceOf(to), may ? 1 : 0, "to");
        eq(licences.getApproved(id), may ? address(0) : doctor, "an approval ends with the transfer");
        if (may) isTrue(!moves(by, to, other, id, 0), "not back");
    }

    function moves(address by, address from, address to, uint256 id, uint256 way) private returns (bool ok) {
        vm.prank(by);
        if (way == 0) {
            try licences.transferFrom(from, to, id) {
                ok = true;
            } catch {}
        } else if (way == 1) {
            try licences.safeTransferFrom(from, to, id) {
                ok = true;
            } catch {}
        } else {
            try licences.safeTransferFrom(from, to, id, "data") {
                ok = true;
            } catch {}
        }
    }
}
