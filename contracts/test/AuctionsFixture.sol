// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Auction, Bid} from "../src/IAuctions.sol";
import {Offer, Sale} from "../src/IExchange.sol";
import {ExchangeFixture} from "./ExchangeFixture.sol";
import {Auctions} from "./Faces.sol";

/// @notice Auctions over the usual exchange, and what is signed for them. `patient` sells, `other` and `buyer` bid.
abstract contract AuctionsFixture is ExchangeFixture {
    Auctions internal auctions;

    function openAuctions() internal {
        auctions = Auctions(deploy("Auctions", abi.encode(exchange, brake)));
        address[3] memory people = [other, buyer, relayer];
        for (uint256 i = 0; i < 3; ++i) {
            fund(people[i]);
        }
    }

    /// @dev Gives somebody a lot to bid with.
    function fund(address who) internal {
        vm.deal(who, 2 ** 130);
        coin.mint(who, 2 ** 130);
        vm.prank(who);
        coin.approve(address(auctions), type(uint256).max);
    }

    function auctionOffer(uint256 salt) internal view returns (Offer memory o) {
        o = usualOffer();
        (o.taker, o.salt, o.endsAt) = (address(auctions), salt, uint64(START + 30 days));
    }

    function auctionSale(uint256 salt) internal view returns (Sale memory s) {
        s = usualSale();
        (s.taker, s.salt, s.endsAt) = (address(auctions), salt, uint64(START + 30 days));
    }

    function auctionOf(bytes32 orderHash, address currency, uint256 reserve) internal view returns (Auction memory) {
        return Auction({
            seller: patient,
            orderHash: orderHash,
            currency: currency,
            reserve: reserve,
            stepBps: 500,
            startsAt: uint64(START),
            endsAt: uint64(START + 1 days),
            extension: 10 minutes
        });
    }

    function auctionOf(Offer memory o) internal view returns (Auction memory) {
        return auctionOf(hashOf(o), o.currency, o.price);
    }

    function auctionOf(Sale memory s) internal view returns (Auction memory) {
        return auctionOf(hashOf(s), s.currency, s.price);
    }

    function idOf(Auction memory a) internal view returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Auction(address seller,bytes32 orderHash,address currency,uint256 reserve,uint32 stepBps,uint64 startsAt,uint64 endsAt,uint32 extension)"
        );
        bytes memory fields = abi.encode(
            typeHash, a.seller, a.orderHash, a.currency, a.reserve, a.stepBps, a.startsAt, a.endsAt, a.extension
        );
        return digest(address(auctions), keccak256(fields));
    }

    function cancelAuctionHash(bytes32 auctionId) internal view returns (bytes32) {
        bytes32 typeHash = keccak256("CancelAuction(bytes32 auctionId)");
        return digest(address(auctions), keccak256(abi.encode(typeHash, auctionId)));
    }

    /// @dev By a relayer.
    function openFor(Auction memory a, Offer memory o) internal returns (bytes32) {
        (bytes memory byAuction, bytes memory byOffer) =
            (signature(PATIENT_KEY, idOf(a)), signature(PATIENT_KEY, hashOf(o)));
        vm.prank(relayer);
        return auctions.open(a, byAuction, o, byOffer);
    }

    function openFor(Auction memory a, Sale memory s) internal returns (bytes32) {
        (bytes memory byAuction, bytes memory bySale) =
            (signature(PATIENT_KEY, idOf(a)), signature(PATIENT_KEY, hashOf(s)));
        vm.prank(relayer);
        return auctions.openSale(a, byAuction, s, bySale);
    }

    function bidOf(address who, uint256 amount) internal view returns (Bid memory) {
        (uint256 x, uint256 y) = buyerKey();
        return Bid(who, uint128(amount), x, y, HPKE_HASH);
    }

    /// @dev What a bidder signs to have its bid carried.
    function bidHash(bytes32 auctionId, Bid memory b) internal view returns (bytes32) {
        bytes32 typeHash = keccak256("Bid(bytes32 auctionId,uint256 keyX,uint256 keyY,bytes32 hpkeHash)");
        return digest(address(auctions), keccak256(abi.encode(typeHash, auctionId, b.keyX, b.keyY, b.hpkeHash)));
    }

    function bidAs(address who, Auction memory a, uint256 amount) internal {
        Bid memory b = bidOf(who, amount);
        vm.prank(who);
        auctions.bid{value: a.currency == address(0) ? amount : 0}(a, b, "");
    }

    function settleUsual(Auction memory a, Offer memory o) internal returns (bytes32) {
        (uint256 x, uint256 y) = buyerKey();
        bytes memory signed = signature(PATIENT_KEY, hashOf(o));
        vm.prank(relayer);
        return auctions.settle(a, o, signed, x, y, HPKE_HASH);
    }

    function settleUsual(Auction memory a, Sale memory s) internal {
        bytes memory signed = signature(PATIENT_KEY, hashOf(s));
        vm.prank(relayer);
        auctions.settleSale(a, s, signed, usualOrigin());
    }
}
