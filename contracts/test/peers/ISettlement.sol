// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Share} from "../../src/IAssets.sol";
import {Delivery} from "../../src/IExchange.sol";

/// @notice Where the money of an order is. Released, Refunded and Cancelled are final.
enum State {
    None, // never filled
    Filled, // the money is here, the seller must deliver
    Delivered, // the key is delivered, the buyer may dispute
    Released, // the payees are owed the money
    Refunded, // the buyer is owed the money
    Cancelled // ended by the seller before anyone filled it
}

/// @notice A seller's offer of the key of one asset to one buyer. Its hash is its full EIP-712 digest.
/// @param seller Owns the token when the order is filled; signs.
/// @param tokenId The asset. It does not move: what is sold is a non-exclusive licence to open.
/// @param priceWei Below 2^96.
/// @param keyCommitment sha256("sinso/key/v1" ‖ CEK ‖ payload CID).
/// @param payloadHash keccak256(payload CID). A buyer that fills without knowing that CID cannot prove a wrong key.
/// @param termsHash Hash of the licence text.
/// @param endsAt Last moment to fill, unix seconds.
/// @param deliverWithin Seconds from the fill; then the buyer can take the money back. See {ISettlement-MIN_WINDOW}.
/// @param disputeWithin Seconds from the delivery; then anyone can release the money. Same bounds.
/// @param salt Makes orders of the same content differ.
struct Order {
    address seller;
    uint256 tokenId;
    uint256 priceWei;
    bytes32 keyCommitment;
    bytes32 payloadHash;
    bytes32 termsHash;
    uint64 endsAt;
    uint32 deliverWithin;
    uint32 disputeWithin;
    bytes32 salt;
}

/// @notice What the chain keeps of one order.
/// @param state Where the money is.
/// @param seller Who signed the order; zero before the fill, as is all that follows.
/// @param buyer Who filled it.
/// @param priceWei What the buyer paid.
/// @param tokenId The asset.
/// @param filledAt Unix seconds.
/// @param deliveredAt Unix seconds, or zero.
/// @param dueAt Filled: last moment to deliver. Delivered: last moment to dispute. Else zero.
/// @param revokedAt Unix seconds, or zero while the grant stands.
struct Trade {
    State state;
    address seller;
    address buyer;
    uint256 priceWei;
    uint256 tokenId;
    uint64 filledAt;
    uint64 deliveredAt;
    uint64 dueAt;
    uint64 revokedAt;
}

/// @title ISettlement
/// @notice Holds the money of an order from its fill until the key is delivered and not disputed, or not delivered.
/// @dev The buyer's keys and the key box are in the events {Filled} and {Delivered} only; the contract keeps a hash of
/// them. No function needs a party's good will: each state has a way out that anyone can take after its time.
interface ISettlement {
    /// @notice A buyer paid the order into escrow.
    /// @param hpkeHash keccak256 of the HPKE public key that the grant is to be sealed to.
    event Filled(
        bytes32 indexed orderHash,
        uint256 indexed tokenId,
        address indexed buyer,
        uint256 priceWei,
        uint256 keyX,
        uint256 keyY,
        bytes32 hpkeHash
    );
    /// @notice The seller's key box is public; only the buyer can open it.
    event Delivered(
        bytes32 indexed orderHash, bytes32 grantHash, uint256 ephemeralX, uint256 ephemeralY, bytes32 masked
    );
    /// @notice The payees are owed the money. One {Credited} for each comes before.
    event Released(bytes32 indexed orderHash, uint256 indexed tokenId, uint256 priceWei);
    /// @notice The buyer is owed the money. One {Credited} comes before.
    event Refunded(bytes32 indexed orderHash, address indexed buyer, uint256 priceWei);
    /// @notice The delivered key does not open what was sold. {Refunded} follows.
    event WrongKeyProven(bytes32 indexed orderHash);
    /// @notice The order can no longer be filled.
    event Cancelled(bytes32 indexed orderHash);
    /// @notice The seller ended the grant: its node gives the key no more. It takes nothing back.
    event Revoked(bytes32 indexed orderHash);
    /// @notice `payee` is owed `amountWei` more.
    event Credited(bytes32 indexed orderHash, address indexed payee, uint256 amountWei);
    /// @notice What `payee` was owed was sent.
    event Withdrawn(address indexed payee, address indexed to, uint256 amountWei);

    /// @notice The grant was revoked before.
    error AlreadyRevoked(bytes32 orderHash);
    /// @notice The buyer's key or the ephemeral key is not a point of bn254 G1, or is infinity.
    error BadPoint();
    /// @notice `signer` did not sign this.
    error BadSignature(address signer);
    /// @notice A time window of the order is shorter than {MIN_WINDOW} or longer than {MAX_WINDOW}.
    error BadWindow();
    /// @notice The order ended.
    error Ended(uint64 endsAt);
    /// @notice The key is the one that was committed to.
    error KeyIsRight();
    /// @notice The seller does not own the token (any more).
    error NotOwner(uint256 tokenId, address seller);
    /// @notice Only the buyer may do this now.
    error NotBuyer(address caller);
    /// @notice The payee is owed nothing.
    error NothingOwed(address payee);
    /// @notice The payee did not take the money. It is still owed.
    error PaymentRefused(address to);
    /// @notice It is too early: the other side has time until `dueAt`.
    error TooEarly(uint64 dueAt);
    /// @notice It is too late: the time ended at `dueAt`.
    error TooLate(uint64 dueAt);
    /// @notice The asset is not the one that was sold.
    error WrongAsset();
    /// @notice The delivery is not the one that was made, or the secret is not that of the buyer's key.
    error WrongOpening();
    /// @notice The payload CID is not the one in the order.
    error WrongPayload();
    /// @notice The money sent is not the price, or the price is 2^96 wei or more.
    error WrongPrice(uint256 priceWei);
    /// @notice The order is not in a state in which this can be done.
    error WrongState(bytes32 orderHash, State state);
    /// @notice The secret is zero or not below the group order.
    error WrongSecret();

    /// @notice Pays an order into escrow. The caller is the buyer and takes the key as its own.
    /// @param sellerSignature Of the order (EIP-712 or ERC-1271).
    /// @param keyX The buyer's public key for this order alone, a point of bn254 G1.
    /// @param keyY The same.
    /// @param hpkeHash keccak256 of the buyer's HPKE public key.
    /// @return orderHash What {hashOrder} says.
    function fill(Order calldata order, bytes calldata sellerSignature, uint256 keyX, uint256 keyY, bytes32 hpkeHash)
        external
        payable
        returns (bytes32 orderHash);

    /// @notice {IAssets-enter} and {fill} in one: the asset is minted by its first sale and the buyer pays the gas. If the
    /// token exists already this is a {fill}.
    function enterAndFill(
        bytes32 contentCommitment,
        bytes32 parent,
        Share[] calldata split,
        bytes[] calldata signatures,
        Order calldata order,
        bytes calldata sellerSignature,
        uint256 keyX,
        uint256 keyY,
        bytes32 hpkeHash
    ) external payable returns (bytes32 orderHash);

    /// @notice Carries the seller's signed delivery. Anyone may, in state Filled, until the delivery is due.
    function deliver(Delivery calldata delivery, bytes calldata sellerSignature) external;

    /// @notice Owes the money to the payees: by the buyer at once, by anyone when the time to dispute is over.
    /// @dev If the seller is the asset's creator, the split gets the whole price. Else it gets the royalty of it
    /// (ERC-2981: 10 %), and the seller the rest.
    /// @param contentCommitment As entered in Assets.
    /// @param split As entered in Assets.
    function release(bytes32 orderHash, bytes32 contentCommitment, Share[] calldata split) external;

    /// @notice Owes the money to the buyer again, if nothing was delivered in time. Anyone may.
    function refund(bytes32 orderHash) external;

    /// @notice Proves that the key box does not hold the key that was committed to, and owes the money to the buyer. By the
    /// buyer, in state Delivered, until the time to dispute is over.
    /// @dev Reverts with {KeyIsRight} if it does. The secret becomes public: check off chain first.
    /// @param order The order.
    /// @param delivery As in the {Delivered} event.
    /// @param payloadCid The CID's bytes.
    /// @param buyerSecret b, where the buyer's key is b·G.
    function proveWrongKey(
        Order calldata order,
        Delivery calldata delivery,
        bytes calldata payloadCid,
        uint256 buyerSecret
    ) external;

    /// @notice Ends an order that nobody filled. Anyone may carry the seller's signature of `Cancel(bytes32 orderHash)`.
    function cancel(Order calldata order, bytes calldata sellerSignature) external;

    /// @notice Ends the grant of a filled order. Anyone may carry the seller's signature of `Revoke(bytes32 orderHash)`. It
    /// moves no money and stops none.
    function revoke(bytes32 orderHash, bytes calldata sellerSignature) external;

    /// @notice Sends a payee what it is owed. Anyone may call it; a payee that refuses harms itself alone.
    function withdraw(address payee) external;

    /// @notice Sends what the caller is owed to another address: for a payee that cannot receive.
    function withdrawTo(address to) external;

    /// @notice What a payee is owed, in wei.
    function owed(address payee) external view returns (uint256 amountWei);

    /// @notice What the chain keeps of an order.
    function trade(bytes32 orderHash) external view returns (Trade memory);

    /// @notice The EIP-712 digest of an order: its name everywhere.
    function hashOrder(Order calldata order) external view returns (bytes32 orderHash);

    /// @notice The Assets contract whose tokens are sold here.
    function assets() external view returns (address);
}
