// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice One payee of a split.
/// @param payee Who is paid.
/// @param bps Part of the whole in basis points; 10,000 are the whole.
struct Share {
    address payee;
    uint16 bps;
}

/// @title IAssets
/// @notice Rights in chosen data: ERC-721 tokens whose ID commits to creator, content and split.
interface IAssets {
    /// @notice An asset token was minted. With {IERC721-Transfer} this is all that the chain says of it.
    /// The split is in the event, so that a lost copy of it can never lock money. An empty one says that the creator, who
    /// is in the Transfer, has the whole: one payee, 10,000 bps. {EnteredSingle} stands for it if there is no parent either.
    /// @param parent The token that this one is a new version of, or zero. It is the creators' claim: they signed it,
    /// the parent's owner need not have. The owner's word is {Succeeded}.
    event Entered(uint256 indexed tokenId, bytes32 indexed parent, bytes32 contentCommitment, Share[] split);

    /// @notice {Entered} without a parent and with an empty split, in a third of its words: the creator, who is in the Transfer,
    /// entered it by {enterAsCreator} or {materialiseSingle}.
    event EnteredSingle(uint256 indexed tokenId, bytes32 contentCommitment);

    /// @notice A root existed no later than now. It says nothing of who made it: signatures do.
    event Witnessed(bytes32 indexed root);
    /// @notice The owner of `parent` says that `child` is what came after it.
    event Succeeded(uint256 indexed parent, uint256 indexed child);

    /// @notice The token exists already.
    error AlreadyEntered(uint256 tokenId);
    /// @notice The token has a successor already: one for ever.
    error AlreadySucceeded(uint256 parent);
    /// @notice `payee` did not sign this asset.
    error BadSignature(address payee);
    /// @notice The split has no or too many shares, a zero payee, a zero share, a payee twice, or does not sum to 10,000 bps.
    error BadSplit();
    /// @notice The permit was good until `deadline`, unix seconds.
    error Expired(uint256 deadline);
    /// @notice The token does not exist.
    error NoSuchToken(uint256 tokenId);
    /// @notice The caller is neither owner nor approved.
    error NotApproved(uint256 tokenId, address caller);
    /// @notice `from` does not own the token.
    error NotOwner(uint256 tokenId, address from);
    /// @notice The signed statement was to be carried no later than `until`, unix seconds.
    error Over(uint64 until);
    /// @notice There must be one signature for each payee of the split.
    error SignatureCount();
    /// @notice The zero address owns and receives nothing.
    error ZeroAddress();

    /// @notice Mints an asset token to its creator, the first payee of the split. Anyone may carry it and pay the gas.
    /// @dev Everyone in the split signed `Asset(address creator,bytes32 contentCommitment,bytes32 splitHash,bytes32 parent)`
    /// (EIP-712 or ERC-1271), with creator = split[0].payee and splitHash = keccak256(abi.encode(split)). The creator gets
    /// no ERC-721 receiver call: it signed.
    /// @param contentCommitment Salted commitment to the content.
    /// @param parent The token that this one is a new version of, or zero. It must exist.
    /// @param split 1 to 64 payees, no one twice, together 10,000 bps.
    /// @param signatures One for each payee, in the order of the split.
    /// @return tokenId What {tokenOf} says.
    function enter(bytes32 contentCommitment, bytes32 parent, Share[] calldata split, bytes[] calldata signatures)
        external
        returns (uint256 tokenId);

    /// @notice Mints an asset token by its first sale: to its creator, and from there to `to` at once. The caller is the market
    /// that sells it.
    /// @dev The creator signed `Voucher(Asset asset,address market,Sale sale)`: the asset as in {enter}, who may call this, and for
    /// what it may be sold (`Sale` of IExchange.sol). The others of the split signed the asset, as for {enter}. Nobody but that
    /// market can use a voucher, and once: it is for a token that does not exist. That the sale is kept to, its price paid and
    /// `to` its buyer, is the market's to see.
    /// @param contentCommitment As in {enter}, as the next two.
    /// @param signatures One for each payee, in the order of the split; the first is the voucher's.
    /// @param saleStructHash The EIP-712 struct hash of the sale: not its digest, which {IExchange-hashSale} says.
    /// @param to The buyer. It gets no ERC-721 receiver call.
    /// @return tokenId What {tokenOf} says.
    function enterByVoucher(
        bytes32 contentCommitment,
        bytes32 parent,
        Share[] calldata split,
        bytes[] calldata signatures,
        bytes32 saleStructHash,
        address to
    ) external returns (uint256 tokenId);

    /// @notice Mints an asset token to the caller, who creates it and is its only payee: that it calls is its signature.
    /// @param contentCommitment Salted commitment to the content.
    /// @param parent As in {enter}.
    /// @return tokenId What {tokenOf} says of the split that gives the caller 10,000 bps.
    function enterAsCreator(bytes32 contentCommitment, bytes32 parent) external returns (uint256 tokenId);

    /// @notice Says at what time a root over many assets existed. Anyone may, at any time, for any root: who enters an
    /// asset of it needs the payees' signatures over the root, and no anchor.
    function witness(bytes32 root) external;

    /// @notice Mints one asset of a batch to its creator, as {enter} would. Anyone may carry it and pay the gas.
    /// @dev Everyone in the split signed `Batch(bytes32 root)` (EIP-712 or ERC-1271), once for all leaves that name them.
    /// A leaf is keccak256(keccak256(abi.encode(tokenId, parent))), a node the keccak256 of its two children, the smaller
    /// first. One who signs a root signs every leaf that names it: read them all before.
    /// @param contentCommitment As in {enter}, as the next three.
    /// @param proof The leaf's siblings, from the leaf up.
    /// @return tokenId What {tokenOf} says.
    function materialise(
        bytes32 contentCommitment,
        bytes32 parent,
        Share[] calldata split,
        bytes[] calldata signatures,
        bytes32[] calldata proof
    ) external returns (uint256 tokenId);

    /// @notice {materialise} for a creator that is the only payee and an account with a key, for less gas.
    /// @dev `r` and `vs` are the creator's signature over the root, short (EIP-2098).
    function materialiseSingle(
        address creator,
        bytes32 contentCommitment,
        bytes32 parent,
        bytes32 r,
        bytes32 vs,
        bytes32[] calldata proof
    ) external returns (uint256 tokenId);

    /// @notice The owner of `parent` names what came after it, once and for ever; the caller is that owner, or anyone who
    /// carries its signature of `Succession(uint256 parent,uint256 child,uint64 until)` (EIP-712 or ERC-1271).
    /// @dev A line of versions is to be believed where both ends say so: the child's creators named the parent
    /// ({Entered}), and the parent's owner the child. Such a line has no circle: the parent was there before.
    /// @param until Unix seconds; not looked at, as the signature, if the owner itself calls.
    function succeed(uint256 parent, uint256 child, uint64 until, bytes calldata signature) external;

    /// @notice Lets `spender` move the token, as {IERC721-approve} does: the owner signs, anyone carries it and pays the gas.
    /// @dev ERC-4494. The owner signed `Permit(address spender,uint256 tokenId,uint256 nonce,uint256 deadline)` (EIP-712 or
    /// ERC-1271), with the nonce of {nonces}. It is good once, and void as soon as the token has moved.
    /// @param spender Zero takes back what another was allowed.
    /// @param deadline Last moment to carry it, unix seconds.
    function permit(address spender, uint256 tokenId, uint256 deadline, bytes calldata signature) external;

    /// @notice The nonce of the token's next permit: how often it has moved, and how many permits were used (ERC-4494).
    function nonces(uint256 tokenId) external view returns (uint256);

    /// @notice The EIP-712 domain separator in force, by the name that ERC-4494 gives it.
    function DOMAIN_SEPARATOR() external view returns (bytes32); // solhint-disable-line func-name-mixedcase

    /// @notice The token that came after this one by its owner's word, or zero.
    function successorOf(uint256 tokenId) external view returns (uint256 child);

    /// @notice Whether the token exists.
    function entered(uint256 tokenId) external view returns (bool);

    /// @notice The Royalties contract, which makes the ERC-2981 receivers.
    function royalties() external view returns (address);

    /// @notice The token ID of an asset, whether it was entered or not:
    /// keccak256(abi.encode(keccak256("sinso/asset/v1"), split[0].payee, contentCommitment, keccak256(abi.encode(split)))).
    function tokenOf(bytes32 contentCommitment, Share[] calldata split) external pure returns (uint256 tokenId);
}
