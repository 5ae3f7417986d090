// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Auction} from "../../src/IAuctions.sol";
import {Offer, Purchase, Sale} from "../../src/IExchange.sol";
import {AuctionsFixture} from "../AuctionsFixture.sol";
import {PanelFixture} from "../PanelFixture.sol";
import {Rows} from "./Rows.sol";

/// @notice The rows of gas.snapshot that are about auctions and panels.
abstract contract AuctionsGas is AuctionsFixture, PanelFixture, Rows {
    /// @dev The usual asset is entered.
    function auctionsAndPanels() internal {
        vm.warp(START);
        openExchange();
        openAuctions();
        // The asset was sold: its creator has it back for this.
        address owner = assets.ownerOf(usualOffer().tokenId);
        vm.prank(owner);
        assets.transferFrom(owner, patient, usualOffer().tokenId);
        licenceAuction();
        tokenAuction();
        cases();
    }

    function licenceAuction() private {
        Offer memory o = auctionOffer(1);
        Auction memory a = auctionOf(o);
        openFor(a, o);
        note("auctions: open, of a licence");
        bidAs(other, a, o.price);
        note("auctions: bid, the first");
        bidAs(buyer, a, 2 ether);
        note("auctions: bid, the next, outbids an account for the first time");
        bidAs(other, a, 3 ether);
        bidAs(buyer, a, 4 ether);
        note("auctions: bid, the next");
        vm.warp(START + 1 days + 1);
        settleUsual(a, o);
        note("auctions: settle, of a licence");
        vm.warp(START);
        o.salt = 2;
        a = auctionOf(o);
        auctions.cancel(a, signature(PATIENT_KEY, cancelAuctionHash(idOf(a))));
        note("auctions: cancel");
        o.salt = 3;
        a = auctionOf(o);
        openFor(a, o);
        bidAs(other, a, o.price);
        vm.warp(START + 9 days + 1);
        auctions.refund(a);
        note("auctions: refund");
        vm.warp(START);
    }

    function tokenAuction() private {
        approveAll(patient);
        Sale memory s = auctionSale(4);
        s.currency = address(coin);
        Auction memory a = auctionOf(s);
        openFor(a, s);
        note("auctions: openSale");
        bidAs(other, a, s.price);
        bidAs(buyer, a, 2 ether);
        note("auctions: bid, the next, ERC-20, outbids an account for the first time");
        vm.warp(START + 1 days + 1);
        settleUsual(a, s);
        note("auctions: settleSale, ERC-20, asset from its creator");
        vm.warp(START);
        vm.prank(buyer);
        assets.transferFrom(buyer, patient, s.tokenId);
    }

    function cases() private {
        panelCurrency = address(0);
        panel = newPanel(membersOf(3), 2, CASE_FEE, address(0), WHOLE_BOND);
        for (uint256 i = 0; i < 3; ++i) {
            vm.deal(member(i), 1 ether);
            bondAs(i);
        }
        note("panel: bond");
        Offer memory o = panelOffer(5);
        Purchase memory p = purchaseOf(o, other);
        bytes32 id = disputed(o);
        note("exchange: dispute, a panel of 3");
        panel.vote(id, member(0), false, signature(memberKey(0), voteHash(id, false)));
        note("panel: vote, by a relayer");
        panel.vote(id, member(1), false, signature(memberKey(1), voteHash(id, false)));
        panel.carry(o, p, CONTENT, usualSplit());
        note("panel: carry, for the seller, 2 payees, their first, buyer's first licence");
        vm.warp(START + 12 days + 1);
        panel.close(id);
        note("panel: close, 2 of 3 voted, all their first");
        vm.prank(member(0));
        panel.resign(member(0), "");
        note("panel: resign");
        vm.warp(START + 43 days);
        panel.free(member(0));
        note("panel: free");
        vm.warp(START);
        o.salt = 6;
        bondAs(0);
        disputed(o);
        vm.warp(START + 14 days + 1);
        exchange.halve(o, p, CONTENT, usualSplit());
        note("exchange: halve, 2 payees, all their next");
        vm.warp(START);
    }
}
