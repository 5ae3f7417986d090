// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Share} from "./IAssets.sol";

// What a seller signs (EIP-712). A vault knows them too: see {IFraction}.
bytes32 constant OFFER_TYPEHASH = keccak256(
    "Offer(address seller,address taker,uint256 tokenId,address currency,address panel,uint256 price,uint256 floor,uint64 startsAt,uint64 endsAt,uint32 copies,uint32 deliverWithin,uint32 disputeWithin,uint32 term,bool transferable,bytes32 keyCommitment,bytes32 payloadHash,bytes32 termsHash,bytes32 purposeHash,uint256 salt)"
);
bytes32 constant DELIVERY_TYPEHASH = keccak256(
    "Delivery(bytes32 orderHash,bytes32 grantHash,uint256 ephemeralX,uint256 ephemeralY,bytes32 masked)"
);
bytes32 constant CANCEL_TYPEHASH = keccak256("Cancel(bytes32 orderHash)");
bytes32 constant CANCEL_BELOW_TYPEHASH = keccak256("CancelBelow(uint256 salt)");
bytes32 constant REVOKE_TYPEHASH = keccak256("Revoke(bytes32 tradeId)");

/// @notice Where the money of a trade is. Released, Refunded and Halved are final.
enum TradeState {
    None, // never filled
    Filled, // the money is here, the seller must deliver
    Delivered, // the key is delivered, the buyer may dispute
    Released, // the payees are owed the money
    Refunded, // the buyer is owed the money
    Cancelled, // none: here an order is cancelled, not a trade
    Disputed, // the buyer says that the content is wrong, the panel must decide
    Halved // the panel was silent: payees and buyer are owed half each
}

// Orders are signed and carried, not stored: their fields stand as they are read.
// solhint-disable gas-struct-packing

/// @notice A seller's signed order: a licence to use one asset, and its key, for money. Its hash is its EIP-712 digest.
/// @param seller Owns the asset at the fill; signs.
/// @param taker Who alone may fill it, or be the buyer with its own signature; zero is anyone. It may fill for a buyer that
/// it names, with keys that it chooses: name a person, or a contract that asks the buyer.
/// @param tokenId The asset. It does not move.
/// @param currency Zero is the chain's own money, else an ERC-20 token.
/// @param panel Who decides if the buyer says that the content is wrong: see {IPanel}. Zero is nobody.
/// @param price What is asked until `startsAt`. Below 2^128.
/// @param floor What is asked at `endsAt`: between the two the price falls evenly. The same as `price` if it is fixed.
/// @param startsAt When the price begins to fall, unix seconds. Zero, or before `endsAt`.
/// @param endsAt Last moment to fill, unix seconds.
/// @param copies How often it can be filled; zero is without limit.
/// @param deliverWithin Seconds from the fill; then the buyer can take the money back. See {IExchange-MIN_WINDOW}.
/// @param disputeWithin Seconds from the delivery; then anyone can release the money. Same bounds.
/// @param term Seconds that the licence lasts from the delivery; zero is for ever.
/// @param transferable Whether the buyer may pass the licence on.
/// @param keyCommitment sha256("sinso/key/v1" ‖ CEK ‖ payload CID).
/// @param payloadHash keccak256(payload CID). A buyer that fills without knowing that CID cannot prove a wrong key.
/// @param termsHash Hash of the licence text.
/// @param purposeHash Hash of what the data may be used for.
/// @param salt Makes orders of the same content differ, and counts up: {IExchange-cancelBelow} ends all that are lower.
struct Offer {
    address seller;
    address taker;
    uint256 tokenId;
    address currency;
    address panel;
    uint256 price;
    uint256 floor;
    uint64 startsAt;
    uint64 endsAt;
    uint32 copies;
    uint32 deliverWithin;
    uint32 disputeWithin;
    uint32 term;
    bool transferable;
    bytes32 keyCommitment;
    bytes32 payloadHash;
    bytes32 termsHash;
    bytes32 purposeHash;
    uint256 salt;
}

/// @notice A seller's signed order of a token itself: an asset, or a licence that is transferable.
/// @param collection Assets or Licences.
/// The other fields are as in {Offer}. It is filled once. The same fields in a voucher ({IAssets-enterByVoucher}) are another order.
struct Sale {
    address seller;
    address taker;
    address collection;
    uint256 tokenId;
    address currency;
    uint256 price;
    uint256 floor;
    uint64 startsAt;
    uint64 endsAt;
    uint256 salt;
}

/// @notice The seller's answer to a fill.
/// @param orderHash The trade's name.
/// @param grantHash keccak256 of the HPKE grant, which goes to the buyer off chain.
/// @param ephemeralX R = r·G, a point of bn254 G1.
/// @param ephemeralY R = r·G, a point of bn254 G1.
/// @param masked CEK xor sha256("sinso/keybox/v1" ‖ S.x ‖ S.y ‖ orderHash), S = r·(buyer's key).
struct Delivery {
    bytes32 orderHash;
    bytes32 grantHash;
    uint256 ephemeralX;
    uint256 ephemeralY;
    bytes32 masked;
}

/// @notice What is settled at a fill. With the order's hash it makes the trade's name.
/// @param buyer Who gets the licence, or the money back.
/// @param price What was paid.
/// @param keyX The buyer's public key for this trade alone, a point of bn254 G1.
/// @param keyY The same.
struct Purchase {
    address buyer;
    uint256 price;
    uint256 keyX;
    uint256 keyY;
}

/// @notice What an asset's token ID is made of, to show who created it.
struct Origin {
    bytes32 contentCommitment;
    address creator;
    bytes32 splitHash;
}

/// @notice What enters an asset with its first sale: see {IAssets-enter} and {IAssets-enterByVoucher}.
struct Entry {
    bytes32 contentCommitment;
    bytes32 parent;
    Share[] split;
    bytes[] signatures;
}

/// @notice What the chain keeps of one trade, and of the licence that comes of it: all of it in one slot.
/// @dev From the delivery on, dueAt less span is the moment of the delivery; but for what was refunded before one.
/// @param state Where the money is.
/// @param revoked Whether the seller ended the grant.
/// @param span Seconds. Filled, Delivered: to dispute a delivery. Disputed: from the delivery to dueAt. Released: the term of the
/// licence, from the delivery; zero is for ever. Then as it was.
/// @param dueAt Last moment, unix seconds. Filled: to deliver. Delivered: to dispute. Disputed: to decide. Released: of the licence,
/// if it has a term. Then as it was.
/// @param mark Filled: the seller. Delivered, Disputed: the first 20 bytes of the delivery's struct hash. Released: the buyer. Then zero.
/// @param transferable Released: whether the buyer may pass the licence on. Else false.
struct Deal {
    TradeState state;
    bool revoked;
    uint32 span;
    uint40 dueAt;
    bytes20 mark;
    bool transferable;
}

// A deal has 256 bits: the linter does not know how few an enum has.
// solhint-enable gas-struct-packing

/// @title IExchange
/// @notice The market: licences with key escrow, and sales of tokens, by signed orders that anyone may settle.
/// @dev The chain keeps one slot of a trade. Its name commits to the order, the buyer, the price and the buyer's key, so
/// later calls bring those along; the event {Filled} has them all, and no lost file can lock money.
interface IExchange {
    /// @notice A licence was paid into escrow.
    /// @param hpkeHash keccak256 of the HPKE public key that the grant is to be sealed to.
    event Filled(
        bytes32 indexed tradeId,
        bytes32 indexed offerHash,
        address indexed buyer,
        Offer offer,
        uint256 price,
        uint256 keyX,
        uint256 keyY,
        bytes32 hpkeHash
    );
    /// @notice The seller's key box is public; only the buyer can open it.
    event Delivered(
        bytes32 indexed tradeId, bytes32 grantHash, uint256 ephemeralX, uint256 ephemeralY, bytes32 masked
    );
    /// @notice The payees are owed the money and the buyer has the licence. One {Credited} for each payee comes before.
    event Released(bytes32 indexed tradeId);
    /// @notice The buyer is owed the money. One {Credited} comes before.
    event Refunded(bytes32 indexed tradeId, address indexed buyer);
    /// @notice The delivered key does not open what was sold. {Refunded} follows.
    event WrongKeyProven(bytes32 indexed tradeId);
    /// @notice The buyer says that the content is wrong. The panel has until `until`, unix seconds.
    /// @param evidenceHash Salted hash of what is shown to the panel off chain.
    event Disputed(bytes32 indexed tradeId, address indexed panel, bytes32 evidenceHash, uint64 until);
    /// @notice The panel decided. {Refunded} follows if for the buyer, else {Released}.
    event Decided(bytes32 indexed tradeId, bool forBuyer);
    /// @notice The panel was silent. One {Credited} for each payee and one for the buyer come before.
    event Halved(bytes32 indexed tradeId, address indexed buyer);
    /// @notice The seller ended the grant: its node gives the key no more. It takes nothing back. {Refunded} follows if nothing
    /// was delivered.
    event Revoked(bytes32 indexed tradeId);
    /// @notice A token was sold and has moved. One {Credited} for each payee comes before.
    event Sold(
        bytes32 indexed saleHash,
        address indexed collection,
        uint256 indexed tokenId,
        address seller,
        address buyer,
        address currency,
        uint256 price
    );
    /// @notice `payee` is owed `amount` more. `id` is a trade's, or a sale's hash.
    event Credited(bytes32 indexed id, address indexed payee, address currency, uint256 amount);
    /// @notice The seller's order of this hash can be filled no more.
    event Cancelled(address indexed seller, bytes32 indexed orderHash);
    /// @notice The seller's orders with a salt below this can be filled no more.
    event CancelledBelow(address indexed seller, uint256 salt);

    /// @notice The grant was revoked before.
    error AlreadyRevoked(bytes32 tradeId);
    /// @notice The buyer's key or the ephemeral key is not a point of bn254 G1, or is infinity.
    error BadPoint();
    /// @notice The price is 2^128 or more, rises, or falls over no time.
    error BadPrice();
    /// @notice `signer` did not sign this.
    error BadSignature(address signer);
    /// @notice A time window of the order is shorter than {MIN_WINDOW} or longer than {MAX_WINDOW}.
    error BadWindow();
    /// @notice The order was cancelled or filled as often as it can be.
    error Closed(bytes32 orderHash);
    /// @notice The order ended.
    error Ended(uint64 endsAt);
    /// @notice The key is the one that was committed to.
    error KeyIsRight();
    /// @notice The offer names no panel.
    error NoPanel(bytes32 tradeId);
    /// @notice Only the buyer may do this now.
    error NotBuyer(address caller);
    /// @notice The seller does not own the token (any more).
    error NotOwner(uint256 tokenId, address seller);
    /// @notice The caller is not the panel that the offer names.
    error NotPanel(address caller);
    /// @notice Tokens of this contract are not sold here.
    error NotSoldHere(address collection);
    /// @notice The order is for `taker` alone.
    error NotTaker(address taker);
    /// @notice The salt has to be higher than `salt`: all below that are cancelled.
    error Stale(uint256 salt);
    /// @notice It is too early: the other side has time until `dueAt`.
    error TooEarly(uint64 dueAt);
    /// @notice It is too late: the time ended at `dueAt`.
    error TooLate(uint64 dueAt);
    /// @notice The asset is not the one that was sold, or its creator is not who sells it for the first time.
    error WrongAsset();
    /// @notice The delivery is not the one that was made, or the secret is not that of the buyer's key.
    error WrongOpening();
    /// @notice The payload CID is not the one in the order.
    error WrongPayload();
    /// @notice The secret is zero or not below the group order.
    error WrongSecret();
    /// @notice The trade is not in a state in which this can be done; None if there is no such trade.
    error WrongState(bytes32 tradeId, TradeState state);
    /// @notice The zero address buys nothing.
    error ZeroAddress();

    /// @notice Pays for a licence into escrow. The caller pays; `buyer` gets the licence, or the money back.
    /// @dev The price is {priceOf} now. Of the chain's own money more may be sent: what is over is owed to the caller.
    /// @param signature The seller's, of the offer (EIP-712 or ERC-1271).
    /// @param keyX The buyer's public key for this trade alone, a point of bn254 G1.
    /// @param keyY The same.
    /// @param hpkeHash keccak256 of the buyer's HPKE public key.
    /// @param buyerSignature The buyer's, of `Fill(bytes32 offerHash,uint256 keyX,uint256 keyY,bytes32 hpkeHash)`; empty if the
    /// buyer or the offer's taker calls. It is good while the offer is: again at another price, at the caller's cost.
    /// @return tradeId What {tradeOf} says.
    function fill(
        Offer calldata offer,
        bytes calldata signature,
        address buyer,
        uint256 keyX,
        uint256 keyY,
        bytes32 hpkeHash,
        bytes calldata buyerSignature
    ) external payable returns (bytes32 tradeId);

    /// @notice {fill} at a price of the caller's choice, or at what is asked if that is more. Whoever sells by bids names the
    /// offer's taker, and that calls this.
    function fillAt(
        uint128 price,
        Offer calldata offer,
        bytes calldata signature,
        address buyer,
        uint256 keyX,
        uint256 keyY,
        bytes32 hpkeHash,
        bytes calldata buyerSignature
    ) external payable returns (bytes32 tradeId);

    /// @notice {IAssets-enter} and {fill} in one: the asset is minted by its first sale and the buyer pays the gas. If the
    /// token exists already this is a {fill}.
    function enterAndFill(
        Entry calldata entry,
        Offer calldata offer,
        bytes calldata signature,
        address buyer,
        uint256 keyX,
        uint256 keyY,
        bytes32 hpkeHash,
        bytes calldata buyerSignature
    ) external payable returns (bytes32 tradeId);

    /// @notice Carries the seller's signed delivery. Anyone may, in state Filled, until the delivery is due.
    /// @param delivery Its orderHash is the trade's ID.
    function deliver(Delivery calldata delivery, bytes calldata signature) external;

    /// @notice Owes the money to the payees and mints the licence: by the buyer at once, by anyone when the time to dispute
    /// is over.
    /// @dev If the seller is the asset's creator, the split gets the whole price. Else it gets the royalty of it
    /// (ERC-2981: 10 %), and the seller the rest.
    /// @param contentCommitment As entered in Assets.
    /// @param split As entered in Assets.
    function release(
        Offer calldata offer,
        Purchase calldata purchase,
        bytes32 contentCommitment,
        Share[] calldata split
    ) external;

    /// @notice Owes the money to the buyer again, if nothing was delivered in time. Anyone may.
    function refund(Offer calldata offer, Purchase calldata purchase) external;

    /// @notice Proves that the key box does not hold the key that was committed to, and owes the money to the buyer. By the
    /// buyer, in state Delivered, until the time to dispute is over.
    /// @dev Reverts with {KeyIsRight} if it does. The secret becomes public: check off chain first.
    /// @param delivery As in the {Delivered} event.
    /// @param payloadCid The CID's bytes.
    /// @param buyerSecret b, where the buyer's key is b·G.
    function proveWrongKey(
        Offer calldata offer,
        Purchase calldata purchase,
        Delivery calldata delivery,
        bytes calldata payloadCid,
        uint256 buyerSecret
    ) external;

    /// @notice Says that the content is wrong, and has the offer's panel decide. By the buyer, or by anyone with its signature
    /// of `Dispute(bytes32 tradeId,bytes32 evidenceHash)`, in state Delivered, until the time to dispute is over.
    /// @dev Calls {IPanel-open} last, with all coin that was sent: the caller pays the panel's fee. If the panel refuses,
    /// nothing has happened, and {proveWrongKey} and {release} go on as without a panel. After this only the panel ends
    /// the trade, or its silence.
    /// @param evidenceHash Salted hash of what is shown to the panel off chain.
    /// @param signature The buyer's, or empty if it calls itself.
    function dispute(
        Offer calldata offer,
        Purchase calldata purchase,
        bytes32 evidenceHash,
        bytes calldata signature
    ) external payable;

    /// @notice The panel's verdict: the money goes as by {refund} or by {release}. By the panel, in state Disputed, for
    /// {DECIDE_WINDOW} from the dispute.
    /// @param contentCommitment As entered in Assets; not looked at if it is for the buyer.
    /// @param split The same.
    function decide(
        Offer calldata offer,
        Purchase calldata purchase,
        bytes32 contentCommitment,
        Share[] calldata split,
        bool forBuyer
    ) external;

    /// @notice Ends a dispute that the panel did not decide in time: half of the price is owed to the buyer, rounded up, half
    /// to the payees, and there is no licence. Anyone may.
    /// @param contentCommitment As entered in Assets.
    /// @param split As entered in Assets.
    function halve(
        Offer calldata offer,
        Purchase calldata purchase,
        bytes32 contentCommitment,
        Share[] calldata split
    ) external;

    /// @notice Ends the grant of a trade. Anyone may carry the seller's signature of `Revoke(bytes32 tradeId)`. Before the
    /// delivery it owes the money to the buyer; after it, it moves no money and stops none.
    function revoke(Offer calldata offer, Purchase calldata purchase, bytes calldata signature) external;

    /// @notice Buys a token: it moves to `buyer` in the same call as the caller pays.
    /// @dev The seller has approved this contract for the token; for a licence its signature is enough, while
    /// {ILicences-allows} says so. An asset's creator sells for its split, which gets the whole price; of any other sale
    /// the split gets the royalty (ERC-2981: 10 %). It is owed to the asset's royalty receiver, which anyone can make
    /// divide it.
    /// @param signature The seller's, of the sale.
    /// @param origin What the asset's ID is made of; not looked at for a licence.
    function buy(Sale calldata sale, bytes calldata signature, address buyer, Origin calldata origin) external payable;

    /// @notice {buy} at a price of the caller's choice, or at what is asked if that is more.
    function buyAt(
        uint128 price,
        Sale calldata sale,
        bytes calldata signature,
        address buyer,
        Origin calldata origin
    ) external payable;

    /// @notice Mints an asset by the sale of its token ({IAssets-enterByVoucher}), at the price of the moment. The caller pays, for
    /// the entry too, and is the sale's taker if there is one; what is over of the chain's own money is owed to it. The split is
    /// owed the whole price, each payee its part by name, not by the royalty receiver.
    /// @dev The creator signs the voucher alone, which has the sale in it. That is no signature of the sale, so {buy} refuses it;
    /// it needs no approval, and is good once, as a token is entered once: {filled} does not count it. A `Sale` that is signed
    /// with the same fields is a second order. {cancel} ends both by {hashSale}, {cancelBelow} by the salt.
    /// @param entry What enters the asset; the first signature is the voucher's.
    /// @param sale Of Assets, by the asset's creator, its first payee; `tokenId` is what {IAssets-tokenOf} says.
    /// @param buyer Who owns the token then.
    function enterAndBuy(Entry calldata entry, Sale calldata sale, address buyer) external payable;

    /// @notice Ends an order, whatever was not filled of it. Anyone may carry the seller's signature of
    /// `Cancel(bytes32 orderHash)`.
    function cancel(address seller, bytes32 orderHash, bytes calldata signature) external;

    /// @notice Ends all orders of a seller with a salt below this one. Anyone may carry the seller's signature of
    /// `CancelBelow(uint256 salt)`. It can only go up.
    function cancelBelow(address seller, uint256 salt, bytes calldata signature) external;

    /// @notice What the chain keeps of a trade.
    function trade(bytes32 tradeId) external view returns (Deal memory);

    /// @notice How often a seller's order was filled, as far as that is counted; 2^256 - 1 if it was cancelled. An offer
    /// without a limit is not counted, nor is a voucher's sale.
    function filled(address seller, bytes32 orderHash) external view returns (uint256 count);

    /// @notice The lowest salt that a seller's orders may have.
    function lowestSalt(address seller) external view returns (uint256 salt);

    /// @notice The name of a trade: keccak256(abi.encode(hashOffer(offer), purchase)).
    function tradeOf(Offer calldata offer, Purchase calldata purchase) external view returns (bytes32 tradeId);

    /// @notice The EIP-712 digest of an offer.
    function hashOffer(Offer calldata offer) external view returns (bytes32 offerHash);

    /// @notice The EIP-712 digest of a sale.
    function hashSale(Sale calldata sale) external view returns (bytes32 saleHash);

    /// @notice The Assets contract whose tokens are sold here.
    function assets() external view returns (address);

    /// @notice The Licences contract, which mints what is sold here.
    function licences() external view returns (address);

    /// @notice What is asked at the moment `when`: `price` until `startsAt`, `floor` at `endsAt`, between them evenly less.
    function priceOf(uint256 price, uint256 floor, uint64 startsAt, uint64 endsAt, uint256 when)
        external
        pure
        returns (uint256);
}
