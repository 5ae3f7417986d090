// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice None: not staked yet. Standing: it earns. Unbonding: it earns no more, and waits. Taken: the token is back.
enum StakeState {
    None,
    Standing,
    Unbonding,
    Taken
}

/// @notice What a pool is for good. Its ID is a hash of this and of the company: a stake in it is a stake on these terms.
/// @param currency What dividends are paid in: zero is the chain's own money, any other an ERC-20 token.
/// @param tokens The ERC-721 contract whose tokens it takes.
/// @param unbondingSeconds From asking a token back to taking it.
/// @param streamSeconds How long a deposit flows to those who stand.
/// @param weightCap All weight together is never more. So a stake of weight w gets at least w / weightCap of what flows.
/// @param termsHash Salted hash of the text that says what the company may do with the data.
struct StakingTerms {
    address currency;
    address tokens;
    uint32 unbondingSeconds;
    uint32 streamSeconds;
    uint64 weightCap;
    bytes32 termsHash;
}

/// @notice What the company and the staker both agree to. It is good for one stake; its EIP-712 hash is the stake's name.
/// @param pool The pool.
/// @param staker Who stakes, is paid, and takes the token back. It cannot change.
/// @param tokenId The token.
/// @param weight How much it counts, at least 1.
/// @param endsAt Last moment to stake by it, unix seconds.
/// @param salt Tells apart agreements that are otherwise the same.
struct Stake {
    bytes32 pool;
    address staker;
    uint256 tokenId;
    uint64 weight;
    uint64 endsAt;
    bytes32 salt;
}

/// @notice A pool as it is now.
/// @param company Who opened it, or zero if nobody did.
/// @param weight All weight that stands.
/// @param left What was deposited and has not flowed yet.
/// @param endsAt When that will have flowed, unix seconds. While nobody stands it waits.
struct PoolView {
    address company;
    address currency;
    address tokens;
    uint32 unbondingSeconds;
    uint32 streamSeconds;
    uint64 weightCap;
    uint64 weight;
    uint128 left;
    uint64 endsAt;
}

/// @notice A company's promise: to deposit at least `minimum` by `dueAt`, or the bond flows to the stakers.
/// @param bond What it put up. Zero: there is no pledge.
/// @param dueAt Unix seconds.
/// @param minimum What must be deposited from the pledge until dueAt.
/// @param paid What was, less what was taken back.
struct Pledge {
    uint96 bond;
    uint40 dueAt;
    uint128 minimum;
    uint128 paid;
}

/// @title IStaking
/// @notice A token is staked with a company, which trains on its data and pays those who stand, by weight and time.
interface IStaking {
    /// @notice A pool was opened. Its terms are nowhere else on the chain.
    event Opened(bytes32 indexed pool, address indexed company, StakingTerms terms);
    /// @notice A token was staked. The agreement is in the event, so that a lost copy can never lock a token.
    event Staked(bytes32 indexed pool, bytes32 indexed stakeHash, Stake stake);
    /// @notice The token was asked back and earns no more. From `freeAt`, unix seconds, it can be taken.
    event Unbonding(bytes32 indexed pool, bytes32 indexed stakeHash, uint64 freeAt);
    /// @notice The token is back with its staker.
    event Unstaked(bytes32 indexed pool, bytes32 indexed stakeHash);
    /// @notice Dividends were put in, and flow until `endsAt`, unix seconds, with what was left.
    event Deposited(bytes32 indexed pool, address indexed payer, uint256 amount, uint64 endsAt);
    /// @notice What a stake had earned was paid.
    event Claimed(bytes32 indexed stakeHash, address indexed to, uint256 amount);
    /// @notice The company took back what had not flowed from a pool in which nobody stands.
    event Reclaimed(bytes32 indexed pool, address indexed to, uint256 amount);
    /// @notice The company promised a least deposit, and put up a bond.
    event Pledged(bytes32 indexed pool, uint256 bond, uint256 minimum, uint64 dueAt);
    /// @notice The promise was kept, and the bond taken back.
    event PledgeKept(bytes32 indexed pool, address indexed to, uint256 bond);
    /// @notice The promise was broken: the bond flows to the stakers until `endsAt`, unix seconds.
    event PledgeBroken(bytes32 indexed pool, uint256 bond, uint64 endsAt);

    /// @notice A pool of this company with these terms is there already.
    error AlreadyOpen(bytes32 pool);
    /// @notice `signer` neither calls nor signed this.
    error BadSignature(address signer);
    /// @notice An unbonding, stream or pledge time out of bounds, no cap, or no contract of tokens.
    error BadTerms();
    /// @notice There would be more weight than the pool was opened for.
    error CapReached(uint64 weightCap);
    /// @notice The agreement ended.
    error Ended(uint64 endsAt);
    /// @notice There is no such pool.
    error NoSuchPool(bytes32 pool);
    /// @notice A stake has weight, a deposit an amount, a pledge a bond and a minimum.
    error Nothing();
    /// @notice The stake is owed nothing now.
    error NothingOwed(bytes32 stakeHash);
    /// @notice Only the pool's company may do this.
    error NotCompany(address caller);
    /// @notice Only the stake's staker may do this.
    error NotStaker(address caller);
    /// @notice The tokens' contract says that the token did not come.
    error NotTaken(uint256 tokenId);
    /// @notice There is no pledge.
    error NoPledge(bytes32 pool);
    /// @notice There is a pledge already.
    error PledgeOpen(bytes32 pool);
    /// @notice The promise was not kept yet: so much was deposited of what was to be.
    error PledgeUnkept(uint128 paid, uint128 minimum);
    /// @notice The promise was kept: the bond is the company's.
    error PledgeWasKept(bytes32 pool);
    /// @notice Somebody stands in the pool: what is deposited is theirs.
    error StillStanding(uint64 weight);
    /// @notice Not before this moment, unix seconds.
    error TooEarly(uint64 fromAt);
    /// @notice More than a pool can count.
    error TooMuch();
    /// @notice The stake is not in a state in which this can be done.
    error WrongState(bytes32 stakeHash, StakeState state);

    /// @notice Opens a pool of the caller's. What it names can never change.
    function open(StakingTerms calldata terms) external returns (bytes32 pool);

    /// @notice Stakes a token that the staker allowed this contract to take. Anyone may carry it and pay the gas.
    /// @dev Both sides signed `Stake(bytes32 pool,address staker,uint256 tokenId,uint64 weight,uint64 endsAt,bytes32 salt)`
    /// (EIP-712 or ERC-1271). The side that calls need not have.
    function stake(Stake calldata agreed, bytes calldata companySignature, bytes calldata stakerSignature) external;

    /// @notice Asks a token back. It earns until now, and can be taken after the unbonding time. Nothing can hinder it.
    /// @dev The staker calls, or signed `Unbond(bytes32 stakeHash)`.
    function unbond(Stake calldata agreed, bytes calldata stakerSignature) external;

    /// @notice Gives a token back to its staker, once the unbonding time is over. Anyone may call it. What the stake is
    /// still owed stays owed.
    function unstake(Stake calldata agreed) external;

    /// @notice Puts in dividends, which flow to those who stand for the pool's stream time. Anyone may.
    /// @dev What had not flowed yet flows with it until the mean of both ends, weighted by the amounts.
    function deposit(bytes32 pool, uint128 amount) external payable;

    /// @notice Pays a staker what the stake has earned. Anyone may call it; a staker that refuses harms itself alone.
    function claim(Stake calldata agreed) external;

    /// @notice Pays what the caller's stake has earned to another address: for a staker that cannot receive.
    function claimTo(Stake calldata agreed, address to) external;

    /// @notice Takes back what has not flowed from a pool of the caller's in which nobody stands.
    function reclaim(bytes32 pool, address to) external;

    /// @notice Promises to deposit at least `minimum` from now to `dueAt`, and puts up a bond for it. One at a time.
    function pledge(bytes32 pool, uint96 bond, uint128 minimum, uint40 dueAt) external payable;

    /// @notice Takes back the bond of a promise that was kept. The company may, as soon as enough was deposited.
    function takeBond(bytes32 pool, address to) external;

    /// @notice Lets the bond of a broken promise flow to the stakers like a deposit. Anyone may, when it is overdue.
    function forfeit(bytes32 pool) external;

    /// @notice A pool as it is now.
    function poolOf(bytes32 pool) external view returns (PoolView memory);

    /// @notice The pool's pledge.
    function pledgeOf(bytes32 pool) external view returns (Pledge memory);

    /// @notice A stake as it is now: its state, when its token can be taken (zero while it stands), and what it is owed.
    function stakeOf(Stake calldata agreed) external view returns (StakeState state, uint64 freeAt, uint256 owed);

    /// @notice The EIP-712 hash that both sides sign, which is the stake's name.
    function hashStake(Stake calldata agreed) external view returns (bytes32 stakeHash);
}
