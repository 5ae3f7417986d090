// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Offer, Origin, Sale} from "./IExchange.sol";

/// @notice Where an auction is. Settled, Refunded and Cancelled are final.
enum AuctionState {
    None, // not opened
    Open, // takes bids, or waits to be settled
    Settled, // the highest bid has filled the order
    Refunded, // the order could not be filled, the bidder is owed its money
    Cancelled // ended by the seller before anyone bid
}

// Auctions are signed and carried, not stored: their fields stand as they are read.
// solhint-disable gas-struct-packing

/// @notice What a seller sells to the highest bidder. Its hash is its EIP-712 digest.
/// @param seller Signs; is the seller of the order too.
/// @param orderHash The Offer or Sale of the Exchange that the highest bid fills. Its taker is the Auctions contract, its price
/// is fixed at the reserve, and an offer has one copy.
/// @param currency Of the order.
/// @param reserve The least first bid. Below 2^128.
/// @param stepBps How much more the next bid must be, in basis points of the last. See {IAuctions-MIN_STEP_BPS}.
/// @param startsAt First moment to bid, unix seconds.
/// @param endsAt Last moment to bid, unix seconds, if nobody bids late.
/// @param extension A bid leaves others at least so many seconds. See {IAuctions-MAX_EXTENSION}.
struct Auction {
    address seller;
    bytes32 orderHash;
    address currency;
    uint256 reserve;
    uint32 stepBps;
    uint64 startsAt;
    uint64 endsAt;
    uint32 extension;
}

/// @notice A bid.
/// @param bidder Gets the licence or the token, or the money back.
/// @param amount What is paid.
/// @param keyX The bidder's public key for this trade alone, a point of bn254 G1; not looked at in the sale of a token.
/// @param keyY The same.
/// @param hpkeHash keccak256 of the bidder's HPKE public key.
struct Bid {
    address bidder;
    uint128 amount;
    uint256 keyX;
    uint256 keyY;
    bytes32 hpkeHash;
}

// solhint-enable gas-struct-packing

/// @notice What the chain keeps of an auction: two slots.
/// @param bidder Of the highest bid; zero if there is none.
/// @param endsAt Last moment to bid, as it is now, unix seconds.
/// @param state Where it is.
/// @param ofToken Whether the order is a Sale.
/// @param amount Of the highest bid.
/// @param keyHash The first 16 bytes of keccak256(abi.encode(keyX, keyY, hpkeHash)) of the highest bid.
struct Lot {
    address bidder;
    uint40 endsAt;
    AuctionState state;
    bool ofToken;
    uint128 amount;
    bytes16 keyHash;
}

/// @title IAuctions
/// @notice Rising auctions of licences and tokens: the highest bid fills the seller's order in the Exchange.
interface IAuctions {
    /// @notice An auction of a licence was opened. With the event whoever likes can settle it.
    event OfferOpened(bytes32 indexed auctionId, Auction auction, Offer offer, bytes offerSignature);
    /// @notice An auction of a token was opened. With the event whoever likes can settle it.
    event SaleOpened(bytes32 indexed auctionId, Auction auction, Sale sale, bytes saleSignature);
    /// @notice A bid is the highest. The auction ends at `endsAt`.
    event Raised(bytes32 indexed auctionId, Bid bid, uint256 endsAt);
    /// @notice A bid is not the highest any more: its money is owed to its bidder.
    event Outbid(bytes32 indexed auctionId, address indexed bidder, uint256 amount);
    /// @notice The highest bid has filled the order. `id` is the trade's, or the sale's hash.
    event Settled(bytes32 indexed auctionId, bytes32 indexed id, address indexed bidder, uint256 amount);
    /// @notice The order was not filled in time: the highest bidder is owed its money.
    event Refunded(bytes32 indexed auctionId, address indexed bidder, uint256 amount);
    /// @notice The seller ended the auction before anyone bid.
    event Cancelled(bytes32 indexed auctionId);

    /// @notice A step, an extension or a time is out of bounds.
    error BadAuction();
    /// @notice The bid has no point of bn254 G1 as its key.
    error BadPoint();
    /// @notice `signer` did not sign this.
    error BadSignature(address signer);
    /// @notice Somebody has bid: the auction cannot be cancelled.
    error HasBid(bytes32 auctionId);
    /// @notice Nobody has bid.
    error NoBid(bytes32 auctionId);
    /// @notice The seller does not own the token.
    error NotOwner(uint256 tokenId, address seller);
    /// @notice It is too early: wait until `until` is over.
    error TooEarly(uint256 until);
    /// @notice It is too late: the time ended at `until`.
    error TooLate(uint256 until);
    /// @notice The next bid is at least `least`.
    error TooLow(uint256 least);
    /// @notice The keys are not those of the highest bid.
    error WrongKeys();
    /// @notice The order is not the one that the seller named, not for this contract, not at the reserve or not open long
    /// enough.
    error WrongOrder();
    /// @notice The auction is not in a state in which this can be done.
    error WrongState(bytes32 auctionId, AuctionState state);
    /// @notice The zero address bids nothing.
    error ZeroAddress();

    /// @notice Opens an auction of a licence. Anyone may, with the seller's signatures, until it starts; the seller also later.
    /// @param signature The seller's, of the auction.
    /// @param offerSignature The seller's, of the offer, for the Exchange.
    /// @return auctionId What {hashAuction} says.
    function open(
        Auction calldata auction,
        bytes calldata signature,
        Offer calldata offer,
        bytes calldata offerSignature
    ) external returns (bytes32 auctionId);

    /// @notice Opens an auction of a token, which the seller owns. Anyone may, with the seller's signatures, until it starts;
    /// the seller also later.
    /// @param signature The seller's, of the auction.
    /// @param saleSignature The seller's, of the sale, for the Exchange.
    /// @return auctionId What {hashAuction} says.
    function openSale(
        Auction calldata auction,
        bytes calldata signature,
        Sale calldata sale,
        bytes calldata saleSignature
    ) external returns (bytes32 auctionId);

    /// @notice Bids. The caller pays, and the money is the bidder's: if it is outbid, it is owed it at once. No pause stops it.
    /// @param signature The bidder's, of `Bid(bytes32 auctionId,uint256 keyX,uint256 keyY,bytes32 hpkeHash)`; empty if it calls
    /// itself. It is good until the end, for any amount, at the caller's cost.
    function bid(Auction calldata auction, Bid calldata what, bytes calldata signature) external payable;

    /// @notice Fills the offer with the highest bid, after the end. Anyone may, for {SETTLE_WINDOW}.
    /// @param keyX Of the bid, as in {Raised}.
    /// @param keyY The same.
    /// @param hpkeHash The same.
    /// @return tradeId The trade's, in the Exchange.
    function settle(
        Auction calldata auction,
        Offer calldata offer,
        bytes calldata offerSignature,
        uint256 keyX,
        uint256 keyY,
        bytes32 hpkeHash
    ) external returns (bytes32 tradeId);

    /// @notice Buys the token with the highest bid, after the end. Anyone may, for {SETTLE_WINDOW}.
    /// @param origin See {IExchange-buy}.
    function settleSale(
        Auction calldata auction,
        Sale calldata sale,
        bytes calldata saleSignature,
        Origin calldata origin
    ) external;

    /// @notice Owes the highest bidder its money, if the auction was not settled in time. Anyone may.
    function refund(Auction calldata auction) external;

    /// @notice Ends an auction that nobody bid in, opened or not. Anyone may carry the seller's signature of
    /// `CancelAuction(bytes32 auctionId)`.
    function cancel(Auction calldata auction, bytes calldata signature) external;

    /// @notice What the chain keeps of an auction.
    function lot(bytes32 auctionId) external view returns (Lot memory);

    /// @notice What the next bid must be at least.
    function leastBid(Auction calldata auction) external view returns (uint256);

    /// @notice The EIP-712 digest of an auction.
    function hashAuction(Auction calldata auction) external view returns (bytes32 auctionId);

    /// @notice The Exchange that fills.
    function exchange() external view returns (address);
}
