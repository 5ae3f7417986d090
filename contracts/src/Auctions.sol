// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {Curve} from "./Curve.sol";
import {Domain} from "./Domain.sol";
import {Auction, AuctionState, Bid, IAuctions, Lot} from "./IAuctions.sol";
import {IExchange, Offer, Origin, Sale} from "./IExchange.sol";
import {IPause} from "./IPause.sol";
import {Ledger} from "./Ledger.sol";
import {Money} from "./Money.sol";
import {Signatures} from "./Signatures.sol";

/// @title Auctions
/// @notice Rising auctions of licences and tokens: the highest bid fills the seller's order in the Exchange.
/// @dev Invariants, for each currency:
/// - the highest bids of auctions that are open and what is owed add up to no more than what is here;
/// - a bid is once owed to its bidder or once paid to the Exchange, to the wei, and never leaves otherwise;
/// - bids of an auction rise by its step at least, in its time, which ends at a moment that is known at the start or before it;
/// - an auction with a bid is never cancelled: it fills its seller's own order for its highest bidder, or pays that bidder back;
/// - money leaves by a time that is known at the bid, whatever the seller, the other bidders or the Exchange do;
/// - a pause stops new auctions and, in the Exchange, fills; it stops no bid, for the time of an auction goes on, and no way out.
/// This contract has no rights in the Exchange: it pays like anyone whom an order names as its taker.
contract Auctions is IAuctions, Ledger, Domain {
    using SafeERC20 for IERC20;

    /// @notice Smallest step, in basis points: so few bids are between a price and a much higher one.
    uint256 public constant MIN_STEP_BPS = 100;
    /// @notice Largest step, in basis points.
    uint256 public constant MAX_STEP_BPS = 5_000;
    /// @notice Longest extension by one bid, in seconds.
    uint256 public constant MAX_EXTENSION = 1 hours;
    /// @notice Longest time that all bids together put the end off, in seconds.
    uint256 public constant MAX_EXTRA = 1 days;
    /// @notice Latest end from the opening, in seconds, without what bids put off.
    uint256 public constant MAX_TIME = 90 days;
    /// @notice Time to settle, in seconds: longer than the longest pause.
    uint256 public constant SETTLE_WINDOW = 8 days;

    bytes32 private constant AUCTION_TYPEHASH = keccak256(
        "Auction(address seller,bytes32 orderHash,address currency,uint256 reserve,uint32 stepBps,uint64 startsAt,uint64 endsAt,uint32 extension)"
    );
    bytes32 private constant BID_TYPEHASH =
        keccak256("Bid(bytes32 auctionId,uint256 keyX,uint256 keyY,bytes32 hpkeHash)");
    bytes32 private constant CANCEL_TYPEHASH = keccak256("CancelAuction(bytes32 auctionId)");

    IExchange private immutable EXCHANGE;
    IPause private immutable PAUSE;

    mapping(bytes32 auctionId => Lot) private _lots;

    /// @notice There is nothing else to set, now or later.
    /// @param exchange_ The Exchange that fills.
    /// @param pause Asked before an auction is opened; zero if there is none.
    constructor(address exchange_, address pause) {
        EXCHANGE = IExchange(exchange_);
        PAUSE = IPause(pause);
    }

    /// @inheritdoc IAuctions
    function open(
        Auction calldata auction,
        bytes calldata signature,
        Offer calldata offer,
        bytes calldata offerSignature
    ) external returns (bytes32 auctionId) {
        if (
            offer.taker != address(this) || offer.seller != auction.seller || offer.currency != auction.currency
                || offer.price != auction.reserve || offer.floor != auction.reserve || offer.copies != 1
                || offer.endsAt < _latest(auction) || EXCHANGE.hashOffer(offer) != auction.orderHash
        ) revert WrongOrder();
        auctionId = _open(auction, signature, offerSignature, false);
        emit OfferOpened(auctionId, auction, offer, offerSignature);
    }

    /// @inheritdoc IAuctions
    function openSale(
        Auction calldata auction,
        bytes calldata signature,
        Sale calldata sale,
        bytes calldata saleSignature
    ) external returns (bytes32 auctionId) {
        if (
            sale.taker != address(this) || sale.seller != auction.seller || sale.currency != auction.currency
                || sale.price != auction.reserve || sale.floor != auction.reserve || sale.endsAt < _latest(auction)
                || EXCHANGE.hashSale(sale) != auction.orderHash
        ) revert WrongOrder();
        if (IERC721(sale.collection).ownerOf(sale.tokenId) != sale.seller) revert NotOwner(sale.tokenId, sale.seller);
        auctionId = _open(auction, signature, saleSignature, true);
        emit SaleOpened(auctionId, auction, sale, saleSignature);
    }

    /// @inheritdoc IAuctions
    function bid(Auction calldata auction, Bid calldata what, bytes calldata signature) external payable {
        (bytes32 auctionId, Lot storage kept) = _in(AuctionState.Open, auction);
        if (block.timestamp < auction.startsAt) revert TooEarly(auction.startsAt - 1);
        uint256 endsAt = kept.endsAt;
        if (block.timestamp > endsAt) revert TooLate(endsAt);
        if (what.bidder == address(0)) revert ZeroAddress();
        (address before, uint256 amount) = (kept.bidder, kept.amount);
        uint256 least = _least(auction, before, amount);
        if (what.amount < least) revert TooLow(least);
        // A key that the Exchange refuses would be a way out of the bid.
        if (!kept.ofToken && !Curve.isPoint(what.keyX, what.keyY)) revert BadPoint();
        if (msg.sender != what.bidder) {
            bytes32 structHash = keccak256(abi.encode(BID_TYPEHASH, auctionId, what.keyX, what.keyY, what.hpkeHash));
            _checkSigned(what.bidder, _digest(structHash), signature);
        }

        endsAt = _extended(auction, endsAt);
        kept.bidder = what.bidder;
        kept.endsAt = uint40(endsAt);
        kept.amount = what.amount;
        kept.keyHash = _keyHash(what.keyX, what.keyY, what.hpkeHash);
        if (before != address(0)) {
            _owe(auction.currency, before, amount);
            emit Outbid(auctionId, before, amount);
        }
        emit Raised(auctionId, what, endsAt);
        Money.take(auction.currency, what.amount);
    }

    /// @inheritdoc IAuctions
    function settle(
        Auction calldata auction,
        Offer calldata offer,
        bytes calldata offerSignature,
        uint256 keyX,
        uint256 keyY,
        bytes32 hpkeHash
    ) external returns (bytes32 tradeId) {
        (bytes32 auctionId, address bidder, uint128 amount, bytes16 keyHash) = _settle(auction);
        if (EXCHANGE.hashOffer(offer) != auction.orderHash) revert WrongOrder();
        if (_keyHash(keyX, keyY, hpkeHash) != keyHash) revert WrongKeys();
        uint256 valueWei = _ready(auction.currency, amount);
        tradeId = EXCHANGE.fillAt{value: valueWei}(amount, offer, offerSignature, bidder, keyX, keyY, hpkeHash, "");
        emit Settled(auctionId, tradeId, bidder, amount);
    }

    /// @inheritdoc IAuctions
    function settleSale(
        Auction calldata auction,
        Sale calldata sale,
        bytes calldata saleSignature,
        Origin calldata origin
    ) external {
        (bytes32 auctionId, address bidder, uint128 amount,) = _settle(auction);
        if (EXCHANGE.hashSale(sale) != auction.orderHash) revert WrongOrder();
        uint256 valueWei = _ready(auction.currency, amount);
        EXCHANGE.buyAt{value: valueWei}(amount, sale, saleSignature, bidder, origin);
        emit Settled(auctionId, auction.orderHash, bidder, amount);
    }

    /// @inheritdoc IAuctions
    function refund(Auction calldata auction) external {
        (bytes32 auctionId, Lot storage kept) = _in(AuctionState.Open, auction);
        address bidder = kept.bidder;
        if (bidder == address(0)) revert NoBid(auctionId);
        uint256 until = kept.endsAt + SETTLE_WINDOW;
        if (block.timestamp <= until) revert TooEarly(until);
        kept.state = AuctionState.Refunded;
        uint256 amount = kept.amount;
        _owe(auction.currency, bidder, amount);
        emit Refunded(auctionId, bidder, amount);
    }

    /// @inheritdoc IAuctions
    function cancel(Auction calldata auction, bytes calldata signature) external {
        bytes32 auctionId = hashAuction(auction);
        Lot storage kept = _lots[auctionId];
        if (kept.bidder != address(0)) revert HasBid(auctionId);
        if (kept.state == AuctionState.Cancelled) revert WrongState(auctionId, AuctionState.Cancelled);
        _checkSigned(auction.seller, _digest(keccak256(abi.encode(CANCEL_TYPEHASH, auctionId))), signature);
        kept.state = AuctionState.Cancelled;
        emit Cancelled(auctionId);
    }

    /// @inheritdoc IAuctions
    function lot(bytes32 auctionId) external view returns (Lot memory) {
        return _lots[auctionId];
    }

    /// @inheritdoc IAuctions
    function leastBid(Auction calldata auction) external view returns (uint256) {
        Lot storage kept = _lots[hashAuction(auction)];
        return _least(auction, kept.bidder, kept.amount);
    }

    /// @inheritdoc IAuctions
    function exchange() external view returns (address) {
        return address(EXCHANGE);
    }

    /// @inheritdoc IAuctions
    function hashAuction(Auction calldata auction) public view returns (bytes32) {
        // Every field is static, so the struct is its own EIP-712 encoding.
        return _digest(keccak256(abi.encode(AUCTION_TYPEHASH, auction)));
    }

    function _open(Auction calldata auction, bytes calldata signature, bytes calldata orderSignature, bool ofToken)
        private
        returns (bytes32 auctionId)
    {
        if (address(PAUSE) != address(0)) PAUSE.check();
        if (
            auction.stepBps < MIN_STEP_BPS || auction.stepBps > MAX_STEP_BPS || auction.extension > MAX_EXTENSION
                || auction.reserve > type(uint128).max || auction.startsAt > auction.endsAt
                || auction.endsAt < block.timestamp || auction.endsAt > block.timestamp + MAX_TIME
        ) revert BadAuction();
        // Whoever held it back would leave others less time to bid.
        if (block.timestamp > auction.startsAt && msg.sender != auction.seller) revert TooLate(auction.startsAt);
        Lot storage kept;
        (auctionId, kept) = _in(AuctionState.None, auction);
        _checkSigned(auction.seller, auctionId, signature);
        // Seen now, so that nobody who bids waits for a signature that never comes.
        _checkSigned(auction.seller, auction.orderHash, orderSignature);
        kept.endsAt = uint40(auction.endsAt);
        kept.state = AuctionState.Open;
        kept.ofToken = ofToken;
    }

    /// @dev Ends an auction for its highest bidder, before any call out.
    function _settle(Auction calldata auction)
        private
        returns (bytes32 auctionId, address bidder, uint128 amount, bytes16 keyHash)
    {
        Lot storage kept;
        (auctionId, kept) = _in(AuctionState.Open, auction);
        (bidder, amount, keyHash) = (kept.bidder, kept.amount, kept.keyHash);
        if (bidder == address(0)) revert NoBid(auctionId);
        uint256 endsAt = kept.endsAt;
        if (block.timestamp <= endsAt) revert TooEarly(endsAt);
        if (block.timestamp > endsAt + SETTLE_WINDOW) revert TooLate(endsAt + SETTLE_WINDOW);
        kept.state = AuctionState.Settled;
    }

    /// @dev Makes an amount ready for the Exchange to take, and says how much of it is sent along.
    function _ready(address currency, uint256 amount) private returns (uint256 valueWei) {
        if (currency == address(0)) return amount;
        IERC20(currency).forceApprove(address(EXCHANGE), amount);
        return 0;
    }

    /// @dev The record of an auction, or a revert if it is not in this state.
    function _in(AuctionState state, Auction calldata auction)
        private
        view
        returns (bytes32 auctionId, Lot storage kept)
    {
        auctionId = hashAuction(auction);
        kept = _lots[auctionId];
        if (kept.state != state) revert WrongState(auctionId, kept.state);
    }

    /// @dev When an auction ends if there is a bid now.
    function _extended(Auction calldata auction, uint256 endsAt) private view returns (uint256) {
        uint256 later = block.timestamp + auction.extension;
        uint256 last = auction.endsAt + MAX_EXTRA;
        if (later > last) later = last;
        return later > endsAt ? later : endsAt;
    }

    function _checkSigned(address signer, bytes32 digest, bytes calldata signature) private view {
        if (!Signatures.signed(signer, digest, signature)) revert BadSignature(signer);
    }

    /// @dev What the next bid must be: the reserve, or the last and a step, rounded up, of one unit at least.
    function _least(Auction calldata auction, address bidder, uint256 amount) private pure returns (uint256) {
        if (bidder == address(0)) return auction.reserve;
        uint256 step = (amount * auction.stepBps + 9_999) / 10_000; // below 2^128 · 2^32
        return amount + (step == 0 ? 1 : step);
    }

    /// @dev The last moment at which an auction can be settled.
    function _latest(Auction calldata auction) private pure returns (uint256) {
        return auction.endsAt + MAX_EXTRA + SETTLE_WINDOW;
    }

    function _keyHash(uint256 keyX, uint256 keyY, bytes32 hpkeHash) private pure returns (bytes16) {
        return bytes16(keccak256(abi.encode(keyX, keyY, hpkeHash)));
    }
}
